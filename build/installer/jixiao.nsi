; setup.exe, for the current user. build/installer.py calls makensis with LISTS, the folder of what it generates; its
; settings.nsh defines
; TARGET x86-unicode | amd64-unicode · VERSION 1.2.3 · OUT the file · ICON, WELCOME_ART
; KILOBYTES installed size · MEGABYTES disk space wanted · LONGEST characters of the longest path in the program folder
; STAMP_HIGH, STAMP_LOW the date of every file (see Untouched) · MANUAL path of its first page · SIGN a command, if any
!include "${LISTS}/settings.nsh"
Unicode true
Target ${TARGET}
SetCompressor /SOLID lzma
SetCompressorDictSize 64
RequestExecutionLevel user
ManifestSupportedOS all
ManifestDPIAware true
CRCCheck force
XPStyle on

!include MUI2.nsh
!include FileFunc.nsh
!include WordFunc.nsh
!include LogicLib.nsh
!include Sections.nsh
!include WinVer.nsh
!include x64.nsh

; What setup.exe and the uninstaller give back; 0 is done.
!define EXIT_EXCEL_OPEN 11
!define EXIT_IN_USE 12
!define EXIT_FOLDER 13
!define EXIT_NEWER 14
!define EXIT_POLICY 15                                ; all is installed, but Excel may not load the add-in
!define EXIT_WINDOWS 16

!define KEY "Software\jixiao"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\jixiao"
!define LOG "$LOCALAPPDATA\jixiao\安装日志.txt"
!include texts.nsh

Name "${PRODUCT}"
Caption "${PRODUCT} ${VERSION} 安装程序"
BrandingText "${PRODUCT} ${VERSION}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\jixiao"
VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=2052 "ProductName" "${PRODUCT}"
VIAddVersionKey /LANG=2052 "CompanyName" "${PRODUCT}"
VIAddVersionKey /LANG=2052 "FileDescription" "${PRODUCT} 安装程序"
VIAddVersionKey /LANG=2052 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "LegalCopyright" "MIT 许可"
VIAddVersionKey /LANG=2052 "OriginalFilename" "setup.exe"
!ifdef SIGN
  !finalize '${SIGN} "%1"' = 0
  !uninstfinalize '${SIGN} "%1"' = 0
!endif

Var Installed                                         ; folder of the version that is here, "" for none
Var InstalledVersion
Var Welcome                                           ; what the first page says
Var Finish                                            ; what the last page says
Var Upgrading                                         ; in the uninstaller: 1 when setup.exe runs it, to put in another version

!include checks.nsh
!include excel.nsh
!include templates.nsh
!insertmacro TELLING ""
!insertmacro TELLING "un."
!insertmacro EXCEL_OFF ""
!insertmacro EXCEL_OFF "un."
!insertmacro DOCUMENTS ""
!insertmacro DOCUMENTS "un."

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${WELCOME_ART}"
!define MUI_ABORTWARNING
!define MUI_WELCOMEPAGE_TITLE "${TEXT_INSTALL}"
!define MUI_WELCOMEPAGE_TEXT "$Welcome"
!insertmacro MUI_PAGE_WELCOME
!define MUI_COMPONENTSPAGE_TEXT_TOP "${TEXT_COMPONENTS}"
!insertmacro MUI_PAGE_COMPONENTS
!define MUI_DIRECTORYPAGE_TEXT_TOP "${TEXT_FOLDER}"
!define MUI_PAGE_CUSTOMFUNCTION_PRE SkipWhenInstalled
!define MUI_PAGE_CUSTOMFUNCTION_LEAVE CheckFolder
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_TITLE "${TEXT_DONE}"
!define MUI_FINISHPAGE_TEXT "$Finish"
!define MUI_FINISHPAGE_TEXT_LARGE
!define MUI_FINISHPAGE_RUN "$INSTDIR\jixiao-window.exe"
!define MUI_FINISHPAGE_RUN_TEXT "${TEXT_RUN}"
!insertmacro MUI_PAGE_FINISH
!define MUI_UNCONFIRMPAGE_TEXT_TOP "${TEXT_UNINSTALL}"
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"

Section "${TEXT_PROGRAM}" PROGRAM
  SectionIn RO
  Call RefuseBadFolder
  Call WaitUntilClosed
  ; The new files first beside the old: whatever goes wrong until they are complete leaves the old version whole.
  SetOverwrite on
  !include "${LISTS}/stage.nsh"
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\~jixiao\uninstall.exe"
  Call RemoveOld
  !include "${LISTS}/place.nsh"
  RMDir /r "$INSTDIR\~jixiao"
  Call RegisterProgram
SectionEnd

Section "${TEXT_EXCEL}" ADDIN
SectionEnd
Section "${TEXT_TEMPLATES}" TEMPLATES
SectionEnd
Section "${TEXT_DESKTOP}" DESKTOP
SectionEnd
Section /o "${TEXT_LIBREOFFICE}" LIBREOFFICE
SectionEnd

; What is ticked is put in, what is not is taken out: so running setup.exe again changes the choice.
Section "-choices"
  StrCpy $Finish "${TEXT_DONE}"
  Call ApplyAddin
  Call ApplyTemplates
  Call ApplyDesktop
  Call ApplyLibreOffice
  StrCpy $Said $Finish
  Call Log
SectionEnd

!include choices.nsh

!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${PROGRAM} "${TEXT_PROGRAM_MORE}"
  !insertmacro MUI_DESCRIPTION_TEXT ${ADDIN} "${TEXT_EXCEL_MORE}"
  !insertmacro MUI_DESCRIPTION_TEXT ${TEMPLATES} "${TEXT_TEMPLATES_MORE}"
  !insertmacro MUI_DESCRIPTION_TEXT ${DESKTOP} "${TEXT_DESKTOP_MORE}"
  !insertmacro MUI_DESCRIPTION_TEXT ${LIBREOFFICE} "${TEXT_LIBREOFFICE_MORE}"
!insertmacro MUI_FUNCTION_DESCRIPTION_END

; Tick a section by /NAME=1 or 0 of the command line, else as the last time, else as its section says.
!macro CHOICE SECTION NAME
  ClearErrors
  ReadRegDWORD $1 HKCU "${KEY}" "${NAME}"
  ${If} ${Errors}
    StrCpy $1 0
    ${If} ${SectionIsSelected} ${SECTION}
      StrCpy $1 1
    ${EndIf}
  ${EndIf}
  ClearErrors
  ${GetOptions} $0 "/${NAME}=" $2
  ${IfNot} ${Errors}
    StrCpy $1 $2
  ${EndIf}
  ${If} $1 == 0
    !insertmacro UnselectSection ${SECTION}
  ${Else}
    !insertmacro SelectSection ${SECTION}
  ${EndIf}
!macroend

Function .onInit
  SetShellVarContext current
  ${If} ${IsNativeIA32}
  ${OrIfNot} ${AtLeastWin10}
    StrCpy $Code ${EXIT_WINDOWS}
    StrCpy $Said "${TEXT_OLD_WINDOWS}"
    Call Refuse
  ${EndIf}
  Call RefuseSecond
  Call FindInstalled
  Call RefuseOlder
  ${GetParameters} $0
  !insertmacro CHOICE ${ADDIN} "Excel"
  !insertmacro CHOICE ${TEMPLATES} "Templates"
  !insertmacro CHOICE ${DESKTOP} "Desktop"
  !insertmacro CHOICE ${LIBREOFFICE} "LibreOffice"
FunctionEnd

Function RefuseSecond
  System::Call 'kernel32::CreateMutexW(p 0, i 0, w "jixiao-setup") p .r1 ?e'
  Pop $0
  ${If} $0 = 183                                      ; ERROR_ALREADY_EXISTS
    StrCpy $Code ${EXIT_IN_USE}
    StrCpy $Said "${TEXT_TWICE}"
    Call Refuse
  ${EndIf}
FunctionEnd

; $Installed, $InstalledVersion; an installed program stays where it is, whatever /D= says.
Function FindInstalled
  StrCpy $Welcome "${TEXT_WELCOME}"
  ReadRegStr $Installed HKCU "${KEY}" "InstallDir"
  ReadRegStr $InstalledVersion HKCU "${KEY}" "Version"
  ${If} $Installed == ""
  ${OrIfNot} ${FileExists} "$Installed\*.*"           ; deleted by hand, or on a disk that is gone
    StrCpy $Installed ""
    Return
  ${EndIf}
  StrCpy $INSTDIR $Installed
  StrCpy $Welcome "${TEXT_WELCOME_AGAIN}"
FunctionEnd

Function RefuseOlder
  ${If} $Installed == ""
  ${OrIfNot} ${FileExists} "$Installed\jixiao.exe"
    Return
  ${EndIf}
  ${VersionCompare} $InstalledVersion ${VERSION} $0
  ${If} $0 != 1
    Return
  ${EndIf}
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/FORCE" $1
  ${If} ${Errors}
    StrCpy $Code ${EXIT_NEWER}
    StrCpy $Said "${TEXT_NEWER}"
    Call Refuse
  ${EndIf}
FunctionEnd

Function SkipWhenInstalled
  ${If} $Installed != ""
    Abort
  ${EndIf}
FunctionEnd

Function CheckFolder
  Call FolderProblem
  ${If} $Code != 0
    MessageBox MB_OK|MB_ICONEXCLAMATION "$Said"
    Abort
  ${EndIf}
FunctionEnd

; NSIS calls this when a file could not be written.
Function .onInstFailed
  SetOutPath "$TEMP"                                  ; else Windows keeps the folder it stood in
  RMDir /r "$INSTDIR\~jixiao"
  RMDir "$INSTDIR"
  StrCpy $Code ${EXIT_FOLDER}
  StrCpy $Said "${TEXT_WRITING_FAILED} [$Code]"
  Call Log
  SetErrorLevel $Code
FunctionEnd

; The version that is here knows its own files and takes them out, but not what belongs to the user.
Function RemoveOld
  ${IfNot} ${FileExists} "$INSTDIR\uninstall.exe"
    Return
  ${EndIf}
  ExecWait '"$INSTDIR\uninstall.exe" /S /UPGRADE _?=$INSTDIR' $0
  ${If} $0 == ${EXIT_EXCEL_OPEN}
  ${OrIf} $0 == ${EXIT_IN_USE}                        ; a damaged one gives other codes, and is only replaced
    RMDir /r "$INSTDIR\~jixiao"
    StrCpy $Code $0
    StrCpy $Busy "$INSTDIR"
    StrCpy $Said "${TEXT_IN_USE}"
    Call Refuse
  ${EndIf}
FunctionEnd

; Move the file on the stack from the new files to its place.
Function Place
  Exch $0
  Delete "$INSTDIR\$0"
  ClearErrors
  Rename "$INSTDIR\~jixiao\$0" "$INSTDIR\$0"
  ${If} ${Errors}
    StrCpy $Code ${EXIT_FOLDER}
    StrCpy $Busy "$INSTDIR\$0"
    StrCpy $Said "${TEXT_HALF_PLACED}"
    Call Refuse
  ${EndIf}
  Pop $0
FunctionEnd

Function RegisterProgram
  ReadRegStr $0 HKCU "${KEY}" "InstallDir"
  ${If} $0 != ""
  ${AndIf} $0 != $INSTDIR                             ; from where it is no longer, Excel would miss it at each start
    StrCpy $Addin "$0\addin\jixiao.xlam"
    !insertmacro EACH_EXCEL ExcelOff
  ${EndIf}
  WriteRegStr HKCU "${KEY}" "InstallDir" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "Version" "${VERSION}"
  CreateDirectory "$SMPROGRAMS\${PRODUCT}"
  CreateShortcut "$SMPROGRAMS\${PRODUCT}\${PRODUCT}.lnk" "$INSTDIR\jixiao-window.exe"
  CreateShortcut "$SMPROGRAMS\${PRODUCT}\表样.lnk" "$INSTDIR\表样"
  CreateShortcut "$SMPROGRAMS\${PRODUCT}\使用手册.lnk" "$INSTDIR\${MANUAL}"
  CreateShortcut "$SMPROGRAMS\${PRODUCT}\卸载${PRODUCT}.lnk" "$INSTDIR\uninstall.exe"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "${PRODUCT}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\jixiao-window.exe"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "${PRODUCT}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "EstimatedSize" ${KILOBYTES}
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1
FunctionEnd

Function un.onInit
  SetShellVarContext current
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/UPGRADE" $1
  StrCpy $Upgrading 1
  ${If} ${Errors}
    StrCpy $Upgrading 0
  ${EndIf}
  Call un.WaitUntilClosed
FunctionEnd

Section "Uninstall"
  SetOutPath "$TEMP"
  ${If} $Upgrading == 0
    Call un.LeaveOffices
  ${EndIf}
  Call un.TemplatesOff
  !define PREFIX "un."
  !include "${LISTS}/remove.nsh"
  !undef PREFIX
  ${If} $Upgrading == 0
    Delete "$INSTDIR\uninstall.exe"
    RMDir /r "$INSTDIR\~jixiao"
    RMDir "$INSTDIR"
    RMDir "$LOCALAPPDATA\Programs"
    Call un.ForgetTemplates
    DeleteRegKey HKCU "${UNINSTALL_KEY}"
    DeleteRegKey /ifempty HKCU "Software\Microsoft\Windows\CurrentVersion\Uninstall"
    DeleteRegKey HKCU "${KEY}"
    Delete "${LOG}"
    RMDir "$LOCALAPPDATA\jixiao"                      ; settings and logs stay
  ${EndIf}
SectionEnd

Function un.LeaveOffices
  ReadRegDWORD $0 HKCU "${KEY}" "LibreOffice"
  ${If} $0 == 1
    nsExec::Exec '"$INSTDIR\jixiao.exe" uninstall --libreoffice'
    Pop $0
  ${EndIf}
  StrCpy $Addin "$INSTDIR\addin\jixiao.xlam"
  !insertmacro EACH_EXCEL un.ExcelOff
  Delete "$DESKTOP\${PRODUCT}.lnk"
  Delete "$SMPROGRAMS\${PRODUCT}\${PRODUCT}.lnk"
  Delete "$SMPROGRAMS\${PRODUCT}\表样.lnk"
  Delete "$SMPROGRAMS\${PRODUCT}\使用手册.lnk"
  Delete "$SMPROGRAMS\${PRODUCT}\卸载${PRODUCT}.lnk"
  RMDir "$SMPROGRAMS\${PRODUCT}"
FunctionEnd
