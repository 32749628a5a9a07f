; What must hold before a file is touched, and how it is told: in a window, or silently by exit code and log.
; Functions that the uninstaller has too stand in macros with the prefix UN; NSIS wants them twice.

Var Code                                              ; exit code, 0 when nothing is wrong
Var Said                                              ; what is wrong, for the user
Var Busy                                              ; the file that is in use
Var Free                                              ; MB on the disk

!macro TELLING UN

; Append $Said to the log, in one line.
Function ${UN}Log
  Push $0
  Push $1
  Push $2
  Push $3
  Push $4
  Push $5
  Push $6
  Push $7
  CreateDirectory "$LOCALAPPDATA\jixiao"
  FileOpen $7 "${LOG}" a
  FileSeek $7 0 END
  ${GetTime} "" "L" $0 $1 $2 $3 $4 $5 $6
  FileWriteUTF16LE /BOM $7 "$2-$1-$0 $4:$5:$6 ${VERSION} "
  ${WordReplace} $Said "$\r$\n" " " "+" $0
  FileWriteUTF16LE $7 "$0$\r$\n"
  FileClose $7
  Pop $7
  Pop $6
  Pop $5
  Pop $4
  Pop $3
  Pop $2
  Pop $1
  Pop $0
FunctionEnd

; Give up with $Code, having told $Said.
Function ${UN}Refuse
  MessageBox MB_OK|MB_ICONSTOP "$Said" /SD IDOK
  Call ${UN}GiveUp
FunctionEnd

Function ${UN}GiveUp
  StrCpy $Said "$Said [$Code]"
  Call ${UN}Log
  SetErrorLevel $Code
  Quit
FunctionEnd

; Excel rewrites its list of add-ins when it closes, and Windows replaces no file in use: wait until both are closed.
Function ${UN}WaitUntilClosed
  ${Do}
    Call ${UN}WhatIsOpen
    ${If} $Code == 0
      ${ExitDo}
    ${EndIf}
    ${If} ${Silent}
      Call ${UN}GiveUp
    ${EndIf}
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$Said" IDRETRY +2
    Call ${UN}GiveUp
  ${Loop}
FunctionEnd

Function ${UN}WhatIsOpen
  StrCpy $Code 0
  FindWindow $0 "XLMAIN"                              ; the class of Excel's windows, and of WPS's
  ${If} $0 != 0
    StrCpy $Code ${EXIT_EXCEL_OPEN}
    StrCpy $Said "${TEXT_EXCEL_OPEN}"
    Return
  ${EndIf}
  StrCpy $Busy ""
  !define PREFIX "${UN}"
  !include "${LISTS}/probe.nsh"
  !undef PREFIX
  ${If} $Busy != ""
    StrCpy $Code ${EXIT_IN_USE}
    StrCpy $Said "${TEXT_IN_USE}"
  ${EndIf}
FunctionEnd

; Note in $Busy the file on the stack, under $INSTDIR, when it is there and can't be written.
Function ${UN}Probe
  Exch $0
  Push $1
  ${If} $Busy == ""
  ${AndIf} ${FileExists} "$INSTDIR\$0"
    ClearErrors
    FileOpen $1 "$INSTDIR\$0" a
    ${If} ${Errors}
      StrCpy $Busy "$INSTDIR\$0"
    ${Else}
      FileClose $1
    ${EndIf}
  ${EndIf}
  Pop $1
  Pop $0
FunctionEnd

!macroend

; Refuse $INSTDIR unless it can be used.
Function RefuseBadFolder
  Call FolderProblem
  ${If} $Code != 0
    Call Refuse
  ${EndIf}
FunctionEnd

; $Code and $Said: why $INSTDIR can't be used; $Code 0 when it can. Leaves nothing behind.
Function FolderProblem
  StrCpy $Code ${EXIT_FOLDER}
  StrLen $0 "$INSTDIR\~jixiao\"
  IntOp $0 $0 + ${LONGEST}
  ${If} $0 > 258                                      ; the most that a Windows program can be sure of
    StrCpy $Said "${TEXT_LONG_FOLDER}"
    Return
  ${EndIf}
  Call OthersFolder
  ${If} $0 == 1
    StrCpy $Said "${TEXT_OTHERS_FOLDER}"
    Return
  ${EndIf}
  Call CanWrite
  ${If} $0 == 0
    StrCpy $Said "${TEXT_NO_PERMISSION}"
    Return
  ${EndIf}
  ${If} $Free < ${MEGABYTES}
    StrCpy $Said "${TEXT_NO_SPACE}"
    Return
  ${EndIf}
  StrCpy $Code 0
FunctionEnd

; $0 = 1 when $INSTDIR holds files, and is not where we are installed.
Function OthersFolder
  StrCpy $0 0
  ${If} ${FileExists} "$INSTDIR\files.json"
  ${AndIf} ${FileExists} "$INSTDIR\addin\jixiao.xlam"
    Return
  ${EndIf}
  ${If} $INSTDIR == $Installed
  ${OrIf} $INSTDIR == "$LOCALAPPDATA\Programs\jixiao"
    Return
  ${EndIf}
  ClearErrors
  FindFirst $1 $2 "$INSTDIR\*"
  ${DoUntil} ${Errors}
    ${If} $2 != "."
    ${AndIf} $2 != ".."
    ${AndIf} $2 != "~jixiao"                          ; of ours, from a time that was cut off
    ${AndIf} $2 != "表样"                              ; the user's, left by the uninstaller
    ${AndIf} $2 != "规则集"
      StrCpy $0 1
    ${EndIf}
    FindNext $1 $2
  ${Loop}
  FindClose $1
FunctionEnd

; $0 = 1 when a file can be made in $INSTDIR; $Free as it is there.
Function CanWrite
  StrCpy $0 0
  RMDir /r "$INSTDIR\~jixiao"
  CreateDirectory "$INSTDIR\~jixiao"
  ClearErrors
  FileOpen $1 "$INSTDIR\~jixiao\jixiao" w
  ${IfNot} ${Errors}
    StrCpy $0 1
    FileClose $1
    System::Call 'kernel32::GetDiskFreeSpaceExW(w "$INSTDIR", *l .r2, p 0, p 0)'
    System::Int64Op $2 / 1048576
    Pop $Free
  ${EndIf}
  RMDir /r "$INSTDIR\~jixiao"
  RMDir "$INSTDIR"
FunctionEnd
