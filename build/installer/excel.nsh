; The add-in's entries in Excel, all under HKEY_CURRENT_USER. $Version is that of an Excel, "16.0".

Var Version
Var Addin                                             ; full path of the add-in
Var ExcelSeen
Var Policy
!define EXCEL_KEY "Software\Microsoft\Office\$Version\Excel"
!define POLICIES "Software\Policies\Microsoft\Office\$Version"

!macro EACH_EXCEL FUNCTION
  StrCpy $Version "16.0"
  Call ${FUNCTION}
  StrCpy $Version "15.0"
  Call ${FUNCTION}
  StrCpy $Version "14.0"
  Call ${FUNCTION}
!macroend

!macro EXCEL_OFF UN

; $0 = the value OPEN, OPEN1, … that loads our add-in, "" when none does.
Function ${UN}FindEntry
  Push $1
  Push $2
  Push $3
  StrCpy $1 0
  ${Do}
    ClearErrors
    EnumRegValue $0 HKCU "${EXCEL_KEY}\Options" $1
    ${If} ${Errors}
      StrCpy $0 ""
      ${ExitDo}
    ${EndIf}
    IntOp $1 $1 + 1
    StrCpy $2 $0 4
    ${If} $2 == "OPEN"
      ReadRegStr $3 HKCU "${EXCEL_KEY}\Options" $0
      ${If} $3 == '"$Addin"'
      ${OrIf} $3 == '/R "$Addin"'
      ${OrIf} $3 == $Addin
        ${ExitDo}
      ${EndIf}
    ${EndIf}
  ${Loop}
  Pop $3
  Pop $2
  Pop $1
FunctionEnd

; Excel reads OPEN, OPEN1, OPEN2, … and stops at the first that is missing: those behind ours move up.
Function ${UN}RemoveEntry
  ${Do}
    Call ${UN}FindEntry
    ${If} $0 == ""
      ${ExitDo}
    ${EndIf}
    DeleteRegValue HKCU "${EXCEL_KEY}\Options" $0
    StrCpy $1 $0 "" 4
    ${Do}
      IntOp $1 $1 + 1                                 ; nothing behind OPEN counts as 0
      ClearErrors
      ReadRegStr $2 HKCU "${EXCEL_KEY}\Options" "OPEN$1"
      ${If} ${Errors}
        ${ExitDo}
      ${EndIf}
      WriteRegStr HKCU "${EXCEL_KEY}\Options" $0 $2
      DeleteRegValue HKCU "${EXCEL_KEY}\Options" "OPEN$1"
      StrCpy $0 "OPEN$1"
    ${Loop}
  ${Loop}
FunctionEnd

; Take out everything of the add-in at $Addin, wherever Excel has moved it; keys that are empty then go too.
Function ${UN}ExcelOff
  Call ${UN}RemoveEntry
  DeleteRegValue HKCU "${EXCEL_KEY}\Add-in Manager" "$Addin"
  ${GetParent} $Addin $2
  StrCpy $1 0
  ${Do}
    EnumRegKey $0 HKCU "${EXCEL_KEY}\Security\Trusted Locations" $1
    ${If} $0 == ""
      ${ExitDo}
    ${EndIf}
    ReadRegStr $3 HKCU "${EXCEL_KEY}\Security\Trusted Locations\$0" "Path"
    ${If} $3 == "$2\"
    ${OrIf} $3 == $2
      DeleteRegKey HKCU "${EXCEL_KEY}\Security\Trusted Locations\$0"
    ${Else}
      IntOp $1 $1 + 1
    ${EndIf}
  ${Loop}
  DeleteRegKey /ifempty HKCU "${EXCEL_KEY}\Security\Trusted Locations"
  DeleteRegKey /ifempty HKCU "${EXCEL_KEY}\Security"
  DeleteRegKey /ifempty HKCU "${EXCEL_KEY}\Add-in Manager"
  Call ${UN}RemoveEmptyExcel
FunctionEnd

Function ${UN}RemoveEmptyExcel
  DeleteRegKey /ifempty HKCU "${EXCEL_KEY}\Options"
  DeleteRegKey /ifempty HKCU "${EXCEL_KEY}"
  DeleteRegKey /ifempty HKCU "Software\Microsoft\Office\$Version"
  DeleteRegKey /ifempty HKCU "Software\Microsoft\Office"
FunctionEnd

!macroend

; Enter the add-in into the Excel of $Version, if there is one.
Function ExcelOn
  Call ExcelFound
  ${If} $0 == 0
    Return
  ${EndIf}
  StrCpy $ExcelSeen 1
  ClearErrors
  ReadRegStr $1 HKCU "${EXCEL_KEY}\Add-in Manager" "$Addin"
  ${If} ${Errors}                                     ; else the user has unticked it, and it stays so
    Call AddEntry
  ${EndIf}
  WriteRegStr HKCU "${EXCEL_KEY}\Security\Trusted Locations\jixiao" "Path" "$INSTDIR\addin\"
  WriteRegDWORD HKCU "${EXCEL_KEY}\Security\Trusted Locations\jixiao" "AllowSubfolders" 0
  WriteRegStr HKCU "${EXCEL_KEY}\Security\Trusted Locations\jixiao" "Description" "${PRODUCT}"
  Call FindPolicy
FunctionEnd

Function AddEntry
  Call FindEntry
  ${If} $0 != ""
    Return
  ${EndIf}
  StrCpy $0 "OPEN"
  StrCpy $1 0
  ${Do}
    ClearErrors
    ReadRegStr $2 HKCU "${EXCEL_KEY}\Options" $0
    ${If} ${Errors}
      ${ExitDo}
    ${EndIf}
    IntOp $1 $1 + 1
    StrCpy $0 "OPEN$1"
  ${Loop}
  WriteRegStr HKCU "${EXCEL_KEY}\Options" $0 '"$Addin"'
FunctionEnd

; $0 = 1 when this user or this computer has the Excel of $Version.
Function ExcelFound
  StrCpy $0 0
  EnumRegKey $1 HKCU "${EXCEL_KEY}" 0
  EnumRegValue $2 HKCU "${EXCEL_KEY}" 0
  SetRegView 64
  ReadRegStr $3 HKLM "${EXCEL_KEY}\InstallRoot" "Path"
  ReadRegStr $4 HKLM "Software\Microsoft\Office\ClickToRun\REGISTRY\MACHINE\${EXCEL_KEY}\InstallRoot" "Path"
  SetRegView 32
  ReadRegStr $5 HKLM "${EXCEL_KEY}\InstallRoot" "Path"
  SetRegView lastused
  ${If} "$1$2$3$4$5" != ""
    StrCpy $0 1
  ${EndIf}
FunctionEnd

!macro POLICY ROOT KEY NAME VALUE
  ReadRegDWORD $1 ${ROOT} "${POLICIES}\${KEY}" "${NAME}"
  ${IfNot} ${Errors}
  ${AndIf} $1 = ${VALUE}
    StrCpy $Policy "${NAME} = ${VALUE}"
  ${EndIf}
  ClearErrors
!macroend

; $4 = 1 when the administrator himself trusts the add-in's folder.
!macro TRUSTED_BY ROOT
  StrCpy $1 0
  ${Do}
    EnumRegKey $2 ${ROOT} "${POLICIES}\Excel\Security\Trusted Locations" $1
    ${If} $2 == ""
      ${ExitDo}
    ${EndIf}
    IntOp $1 $1 + 1
    ReadRegStr $3 ${ROOT} "${POLICIES}\Excel\Security\Trusted Locations\$2" "Path"
    ExpandEnvStrings $3 $3
    ${If} $3 == "$INSTDIR\addin\"
    ${OrIf} $3 == "$INSTDIR\addin"
      StrCpy $4 1
    ${EndIf}
  ${Loop}
  ClearErrors
!macroend

; $Policy: the setting of an administrator that keeps Excel from loading the add-in; as it was when there is none.
Function FindPolicy
  ClearErrors
  SetRegView 64
  !insertmacro POLICY HKCU "Excel\Security" "DisableAllAddins" 1
  !insertmacro POLICY HKLM "Excel\Security" "DisableAllAddins" 1
  !insertmacro POLICY HKCU "Excel\Security" "RequireAddinSig" 1
  !insertmacro POLICY HKLM "Excel\Security" "RequireAddinSig" 1
  !insertmacro POLICY HKCU "Excel\Security\Trusted Locations" "AllLocationsDisabled" 1
  !insertmacro POLICY HKLM "Excel\Security\Trusted Locations" "AllLocationsDisabled" 1
  StrCpy $4 0
  !insertmacro TRUSTED_BY HKCU
  !insertmacro TRUSTED_BY HKLM
  ${If} $4 == 0
    !insertmacro POLICY HKCU "Common\Security\Trusted Locations" "Allow User Locations" 0
    !insertmacro POLICY HKLM "Common\Security\Trusted Locations" "Allow User Locations" 0
  ${EndIf}
  SetRegView lastused
FunctionEnd
