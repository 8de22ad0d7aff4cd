param($Name)
"hello $Name"
exit 3
