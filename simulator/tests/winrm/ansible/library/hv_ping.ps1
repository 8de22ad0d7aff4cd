#!powershell
# SPDX-License-Identifier: GPL-3.0-or-later
#AnsibleRequires -CSharpUtil Ansible.Basic
$spec = @{ options = @{ data = @{ type = 'str'; default = 'pong' } }; supports_check_mode = $true }
$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)
$module.Result.ping = $module.Params.data
$module.ExitJson()
