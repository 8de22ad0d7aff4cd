@echo off
rem The lab of the simulator declares a program that does the same.
findstr /c:"<licence>" "%~1" > nul || exit /b 2
mkdir "C:\Program Files\Example"
echo licence accepted> "C:\Program Files\Example\installed.txt"
exit /b 3010
