# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._IntegrationService

# Key-value pairs in the WMI of Hyper-V: all virtual machines are read with one query. They are changed in
# _KeyValueChange.psm1.

$script:namespace = 'root\virtualization\v2'
$script:settingClass = 'Msvm_KvpExchangeComponentSettingData'
$script:componentClass = 'Msvm_KvpExchangeComponent'

# What embedded instances hold, by their text. Virtual machines of a host have many pairs in common, and most of what
# is read back after a change was read before it.
$script:known = New-Object -TypeName 'System.Collections.Generic.Dictionary[string, object]' -ArgumentList ([StringComparer]::Ordinal)

Function Get-CimErrorText {
    <#
    .SYNOPSIS
    Says what to do about an error of a CIM query that concerns the whole host.

    .PARAMETER ErrorRecord
    The error of a CIM cmdlet.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [System.Management.Automation.ErrorRecord]
        $ErrorRecord
    )

    # The HRESULT in the error id is the same in every language: 0x8004100e is an invalid namespace, 0x80041003 and
    # 0x80070005 are access denied.
    $id = [string]$ErrorRecord.FullyQualifiedErrorId
    $detail = "The host reported: $(([string]$ErrorRecord.Exception.Message).Trim())"
    if ($id -like '*0x8004100e*') {
        return "The WMI namespace $script:namespace does not exist on this host. Install the Hyper-V role and restart the host. $detail"
    }
    if ($id -like '*0x80041003*' -or $id -like '*0x80070005*' -or $ErrorRecord.CategoryInfo.Category -eq 'PermissionDenied') {
        return 'Hyper-V does not permit the connecting account to read key-value pairs. Add the account to the local group ' +
        "Hyper-V Administrators (S-1-5-32-578) or Administrators (S-1-5-32-544) and connect again. $detail"
    }
    return "Hyper-V could not be asked for key-value pairs in $script:namespace. Check that the Windows service vmms is running. $detail"
}

Function Test-CimNotFound {
    <#
    .SYNOPSIS
    Whether an error says that an object does not exist (any more).

    .PARAMETER ErrorRecord
    The error of a CIM cmdlet.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param (
        [Parameter(Mandatory = $true)]
        [System.Management.Automation.ErrorRecord]
        $ErrorRecord
    )

    # WBEM_E_NOT_FOUND; MI_RESULT_NOT_FOUND where the error carries no HRESULT.
    return $ErrorRecord.CategoryInfo.Category -eq 'ObjectNotFound' -or [string]$ErrorRecord.FullyQualifiedErrorId -like '*0x80041002*'
}

Function Read-KeyValueSetting {
    <#
    .SYNOPSIS
    Reads what the host holds for many virtual machines with one query: Enabled, Host and HostOnly of their Kvp.

    .DESCRIPTION
    Host and HostOnly are lists of embedded instances as text. A record without an answer gets an Error. Throws what
    the query throws.

    .PARAMETER Record
    Records from _VMSelection.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record
    )

    if ($Record.Count -eq 0) {
        return
    }
    $byId = @{}
    foreach ($item in $Record) {
        if ($null -eq $item.Error) {
            $item.Kvp = $null
            $byId[$item.Id] = $item
        }
    }
    $settings = @(Get-CimInstance -Namespace $script:namespace -ClassName $script:settingClass -Property @(
            'InstanceID', 'EnabledState', 'HostExchangeItems', 'HostOnlyItems') -ErrorAction Stop)
    foreach ($setting in $settings) {
        # Microsoft:<id of the virtual machine>\<id of the component>; checkpoints have their own id in its place, and
        # templates the word Definition.
        $parts = ([string]$setting.InstanceID).Split([char[]]@(':', '\'))
        if ($parts.Length -lt 3) {
            continue
        }
        $item = $byId[$parts[1].ToLowerInvariant()]
        if ($null -eq $item -or $null -ne $item.Kvp) {
            continue
        }
        $item.Kvp = @{
            Enabled = [int]$setting.EnabledState -eq 2
            Host = $setting.HostExchangeItems
            HostOnly = $setting.HostOnlyItems
            Guest = $null
            Intrinsic = $null
            Status = $null
        }
    }
    foreach ($item in $byId.Values) {
        if ($null -eq $item.Kvp) {
            $item.Error = 'the host shows no key-value pairs of it. It was deleted or moved meanwhile, or the connecting account ' +
            'is not a member of Hyper-V Administrators (S-1-5-32-578)'
        }
    }
}

Function Read-KeyValueComponent {
    <#
    .SYNOPSIS
    Reads the state of data exchange of many virtual machines with one query, on demand with what the guests report.

    .DESCRIPTION
    Sets Status of the Kvp of records, and Guest and Intrinsic (lists of embedded instances as text). They stay null
    for a virtual machine that has no such component at the moment. Throws what the query throws.

    .PARAMETER Record
    Records after Read-KeyValueSetting.

    .PARAMETER Property
    Which lists to read: GuestExchangeItems, GuestIntrinsicExchangeItems.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [AllowEmptyCollection()]
        [string[]]
        $Property = @()
    )

    $byId = @{}
    foreach ($item in $Record) {
        if ($null -eq $item.Error) {
            $byId[$item.Id] = $item
        }
    }
    if ($byId.Count -eq 0) {
        return
    }
    $names = Get-StatusName
    $components = @(Get-CimInstance -Namespace $script:namespace -ClassName $script:componentClass -Property (
            @('SystemName', 'OperationalStatus') + $Property) -ErrorAction Stop)
    foreach ($component in $components) {
        $item = $byId[([string]$component.SystemName).ToLowerInvariant()]
        if ($null -eq $item) {
            continue
        }
        $status = @($component.OperationalStatus)
        if ($status.Length -gt 0 -and $null -ne $status[0]) {
            $number = [int]$status[0]
            $item.Kvp.Status = if ($names.ContainsKey($number)) { $names[$number] } else { "unknown_$number" }
        }
        if ($Property -contains 'GuestExchangeItems') {
            $item.Kvp.Guest = $component.GuestExchangeItems
        }
        if ($Property -contains 'GuestIntrinsicExchangeItems') {
            $item.Kvp.Intrinsic = $component.GuestIntrinsicExchangeItems
        }
    }
}

Function Get-KeyValueManagement {
    <#
    .SYNOPSIS
    What a change of key-value pairs needs, with two queries: Service, and Systems by the id of the virtual machine.

    .DESCRIPTION
    Service is the instance whose methods change pairs, Systems are references to virtual machines. Throws what the
    queries throw.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param ()

    $service = @(Get-CimInstance -Namespace $script:namespace -ClassName Msvm_VirtualSystemManagementService -ErrorAction Stop)
    $systems = @{}
    foreach ($system in @(Get-CimInstance -Namespace $script:namespace -ClassName Msvm_ComputerSystem -KeyOnly -ErrorAction Stop)) {
        # The host itself is one of them; its name is no GUID.
        $systems[([string]$system.Name).ToLowerInvariant()] = $system
    }
    return @{ Service = if ($service.Length -gt 0) { $service[0] } else { $null }; Systems = $systems }
}

Function Read-KeyValueText {
    <#
    .SYNOPSIS
    Reads embedded instances of Msvm_KvpExchangeDataItem; what they hold is kept by their text.

    .PARAMETER Text
    The embedded instances. One that cannot be read is kept as null.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyString()]
        [string[]]
        $Text
    )

    # All in one document: opening one for each is what costs time. Blanks are part of a value, so they are kept.
    $document = New-Object -TypeName System.Xml.XmlDocument
    $document.PreserveWhitespace = $true
    $instances = @()
    try {
        $document.LoadXml('<ITEMS>' + [string]::Join('', $Text) + '</ITEMS>')
        $instances = @($document.DocumentElement.ChildNodes | Where-Object { $_ -is [System.Xml.XmlElement] })
    } catch {
        $instances = @()
    }
    if ($instances.Length -ne $Text.Length) {
        if ($Text.Length -eq 1) {
            $script:known[$Text[0]] = $null
            return
        }
        foreach ($one in $Text) {
            Read-KeyValueText -Text $one
        }
        return
    }
    $number = 0
    foreach ($instance in $instances) {
        $key = $null
        $value = ''
        foreach ($property in $instance.ChildNodes) {
            if ($property -isnot [System.Xml.XmlElement]) {
                continue
            }
            $name = $property.GetAttribute('NAME')
            if ($name -eq 'Name') {
                $key = $property.InnerText
            } elseif ($name -eq 'Data') {
                $value = $property.InnerText
            }
        }
        $script:known[$Text[$number]] = if ([string]::IsNullOrEmpty($key)) { $null } else { @($key, $value) }
        $number++
    }
}

Function ConvertFrom-KeyValueText {
    <#
    .SYNOPSIS
    The pairs in embedded instances of Msvm_KvpExchangeDataItem, in their order, as a list of [key, value].

    .PARAMETER Text
    The embedded instances; null is none. One that cannot be read is left out.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Generic.List[object]])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [AllowNull()]
        [AllowEmptyString()]
        [string[]]
        $Text
    )

    $pairs = New-Object -TypeName 'System.Collections.Generic.List[object]'
    if ($null -eq $Text -or $Text.Length -eq 0) {
        return , $pairs
    }
    $known = $script:known
    $new = @(
        foreach ($one in $Text) {
            if (-not $known.ContainsKey($one)) {
                $one
            }
        }
    )
    if ($new.Length -gt 0) {
        Read-KeyValueText -Text $new
    }
    foreach ($one in $Text) {
        $pair = $known[$one]
        if ($null -ne $pair) {
            $pairs.Add($pair)
        }
    }
    return , $pairs
}

Function ConvertTo-KeyValueTable {
    <#
    .SYNOPSIS
    Pairs as a dictionary whose keys are told apart by case; of several with the same key, the last one counts.

    .PARAMETER Pair
    From ConvertFrom-KeyValueText.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Pair
    )

    $table = New-Object -TypeName System.Collections.Specialized.OrderedDictionary -ArgumentList ([StringComparer]::Ordinal)
    foreach ($entry in $Pair) {
        $table[[string]$entry[0]] = $entry[1]
    }
    return , $table
}

Function ConvertTo-KeyValueText {
    <#
    .SYNOPSIS
    Pairs as embedded instances of Msvm_KvpExchangeDataItem, one text for each.

    .DESCRIPTION
    Written by an XML document, which escapes what has to be escaped.

    .PARAMETER Pair
    A list of [key, value].

    .PARAMETER Source
    0 for pairs that go to the guest, 4 for those that stay on the host.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [object[]]
        $Pair,

        [Parameter(Mandatory = $true)]
        [int]
        $Source
    )

    $document = New-Object -TypeName System.Xml.XmlDocument
    $instance = $document.CreateElement('INSTANCE')
    $instance.SetAttribute('CLASSNAME', 'Msvm_KvpExchangeDataItem')
    $values = @{}
    foreach ($name in 'Data', 'Name', 'Source') {
        $property = $document.CreateElement('PROPERTY')
        $property.SetAttribute('NAME', $name)
        $property.SetAttribute('TYPE', $(if ($name -eq 'Source') { 'uint16' } else { 'string' }))
        $values[$name] = $document.CreateElement('VALUE')
        [void]$property.AppendChild($values[$name])
        [void]$instance.AppendChild($property)
    }
    $values['Source'].InnerText = $Source.ToString([cultureinfo]::InvariantCulture)
    foreach ($entry in $Pair) {
        $values['Name'].InnerText = $entry[0]
        $values['Data'].InnerText = $entry[1]
        $instance.OuterXml
    }
}

Export-ModuleMember -Function @(
    'ConvertFrom-KeyValueText', 'ConvertTo-KeyValueTable', 'ConvertTo-KeyValueText', 'Get-CimErrorText', 'Get-KeyValueManagement',
    'Read-KeyValueComponent', 'Read-KeyValueSetting', 'Test-CimNotFound')
