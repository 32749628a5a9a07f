; What can be ticked: each put in when it is, taken out when it is not. Included after the sections that it asks about.

Function ApplyAddin
  StrCpy $Addin "$INSTDIR\addin\jixiao.xlam"
  ${IfNot} ${SectionIsSelected} ${ADDIN}
    !insertmacro EACH_EXCEL ExcelOff
    WriteRegDWORD HKCU "${KEY}" "Excel" 0
    Return
  ${EndIf}
  WriteRegDWORD HKCU "${KEY}" "Excel" 1
  StrCpy $ExcelSeen 0
  StrCpy $Policy ""
  !insertmacro EACH_EXCEL ExcelOn
  ${If} $Policy != ""
    StrCpy $Finish "${TEXT_POLICY}"
    SetErrorLevel ${EXIT_POLICY}
  ${ElseIf} $ExcelSeen == 0
    StrCpy $Finish "$Finish${TEXT_NO_EXCEL}"
  ${Else}
    StrCpy $Finish "$Finish${TEXT_DONE_EXCEL}"
  ${EndIf}
FunctionEnd

Function ApplyTemplates
  Call TemplatesOff
  DeleteRegValue HKCU "${KEY}" "TemplatesFolder"
  ${IfNot} ${SectionIsSelected} ${TEMPLATES}
    Call ForgetTemplates
    DeleteRegValue HKCU "${KEY}" "PersonalTemplatesOf"
    WriteRegDWORD HKCU "${KEY}" "Templates" 0
    Return
  ${EndIf}
  WriteRegDWORD HKCU "${KEY}" "Templates" 1
  Call ChooseTemplates
  ${If} $FormsFolder == ""
    Return
  ${EndIf}
  WriteRegStr HKCU "${KEY}" "TemplatesFolder" $FormsFolder
  ClearErrors
  SetOverwrite try
  !include "${LISTS}/templates.nsh"
  SetOverwrite on
  SetOutPath "$INSTDIR"
  ${If} ${Errors}
    StrCpy $Said "${TEXT_TEMPLATES_REFUSED}"
    Call Log
  ${EndIf}
FunctionEnd

Function ApplyDesktop
  ${IfNot} ${SectionIsSelected} ${DESKTOP}
    Delete "$DESKTOP\${PRODUCT}.lnk"
    WriteRegDWORD HKCU "${KEY}" "Desktop" 0
    Return
  ${EndIf}
  ReadRegDWORD $0 HKCU "${KEY}" "Desktop"
  ${If} $0 != 1                                       ; who has thrown it away since does not want it
    CreateShortcut "$DESKTOP\${PRODUCT}.lnk" "$INSTDIR\jixiao-window.exe"
  ${EndIf}
  WriteRegDWORD HKCU "${KEY}" "Desktop" 1
FunctionEnd

Function ApplyLibreOffice
  ReadRegDWORD $1 HKCU "${KEY}" "LibreOffice"
  ${If} ${SectionIsSelected} ${LIBREOFFICE}
    nsExec::Exec '"$INSTDIR\jixiao.exe" install --libreoffice'
    Pop $0
    ${If} $0 == 0
      WriteRegDWORD HKCU "${KEY}" "LibreOffice" 1
    ${Else}
      StrCpy $Finish "$Finish$\r$\n$\r$\n${TEXT_NO_LIBREOFFICE}"
    ${EndIf}
  ${ElseIf} $1 == 1
    nsExec::Exec '"$INSTDIR\jixiao.exe" uninstall --libreoffice'
    Pop $0
    WriteRegDWORD HKCU "${KEY}" "LibreOffice" 0
  ${EndIf}
FunctionEnd
