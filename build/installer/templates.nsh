; The templates under 新建 → 个人 of Excel 2013 and later, which lists one folder of the user's choice.
; Where the user has chosen one, it stays, and ours are a folder within it; else it becomes Excel's own default.

Var FormsFolder                                         ; our folder within it, "" for none
!define TEMPLATES_DEFAULT "$DOCUMENTS\自定义 Office 模板"

; $FormsFolder for the newest Excel here. Sets Excel's choice where there is none.
Function ChooseTemplates
  StrCpy $FormsFolder ""
  StrCpy $Version "16.0"
  Call ExcelFound
  ${If} $0 == 0
    StrCpy $Version "15.0"
    Call ExcelFound
  ${EndIf}
  ${If} $0 == 0
    Return
  ${EndIf}
  ReadRegStr $0 HKCU "${POLICIES}\Excel\Options" "PersonalTemplates"
  ${If} $0 != ""                                      ; the administrator's folder
    Call ToldElsewhere
    Return
  ${EndIf}
  ReadRegStr $0 HKCU "${EXCEL_KEY}\Options" "PersonalTemplates"
  ${If} $0 == ""
    ReadRegStr $1 HKCU "${KEY}" "PersonalTemplatesOf"
    ${If} $1 != ""                                    ; we had set it, and the user has taken it back
      Return
    ${EndIf}
    StrCpy $0 "${TEMPLATES_DEFAULT}"
    WriteRegExpandStr HKCU "${EXCEL_KEY}\Options" "PersonalTemplates" $0
    WriteRegStr HKCU "${KEY}" "PersonalTemplatesOf" $Version
  ${EndIf}
  ExpandEnvStrings $0 $0
  Call OnThisComputer
  ${If} $1 == 0
    Call ToldElsewhere
    Return
  ${EndIf}
  StrCpy $FormsFolder "$0\绩效自评"
FunctionEnd

Function ToldElsewhere
  StrCpy $Said "${TEXT_NETWORK_TEMPLATES}"
  Call Log
FunctionEnd

; $1 = 1 when the folder $0 is on a disk of this computer: what others share is not ours to fill.
Function OnThisComputer
  StrCpy $1 0
  StrCpy $2 $0 2 1
  ${If} $2 == ":\"
    StrCpy $2 $0 3
    System::Call 'kernel32::GetDriveTypeW(w r2) i .r3'
    ${If} $3 != 4
      StrCpy $1 1
    ${EndIf}
  ${EndIf}
FunctionEnd

!macro DOCUMENTS UN

; $1 = 1 when the document at $0 is as it was put there; whoever filled it in has moved its date.
Function ${UN}Untouched
  StrCpy $1 0
  GetFileTime $0 $2 $3
  IntOp $3 $3 >>> 1                                   ; a 32-bit setup.exe takes the upper half of these for negative
  ${If} $2 == ${STAMP_HIGH}
  ${AndIf} $3 == ${STAMP_LOW}
    StrCpy $1 1
  ${EndIf}
FunctionEnd

; Delete the document on the stack, unless someone filled it in.
Function ${UN}RemoveDocument
  Exch $0
  Call ${UN}Untouched
  ${If} $1 == 1
    Delete $0
  ${EndIf}
  Pop $0
FunctionEnd

; Take out our templates, and Excel's choice if we made it and nothing else is there.
Function ${UN}TemplatesOff
  ReadRegStr $FormsFolder HKCU "${KEY}" "TemplatesFolder"
  ${If} $FormsFolder == ""
    Return
  ${EndIf}
  !define PREFIX "${UN}"
  !include "${LISTS}/templates_off.nsh"
  !undef PREFIX
  RMDir "$FormsFolder"
FunctionEnd

; Excel's choice, if we made it and nothing else is in there.
Function ${UN}ForgetTemplates
  ReadRegStr $Version HKCU "${KEY}" "PersonalTemplatesOf"
  ${If} $Version == ""
    Return
  ${EndIf}
  RMDir "${TEMPLATES_DEFAULT}"
  ReadRegStr $0 HKCU "${EXCEL_KEY}\Options" "PersonalTemplates"
  ${If} $0 == "${TEMPLATES_DEFAULT}"
  ${AndIfNot} ${FileExists} "${TEMPLATES_DEFAULT}\*.*"
    DeleteRegValue HKCU "${EXCEL_KEY}\Options" "PersonalTemplates"
    Call ${UN}RemoveEmptyExcel
  ${EndIf}
FunctionEnd

!macroend

; Move the document on the stack aside if someone filled it in; else delete it.
Function MakeRoom
  Exch $0
  ${If} ${FileExists} $0
    Call Untouched
    ${If} $1 == 1
      Delete $0
    ${Else}
      StrCpy $2 $0 -5                                 ; without .xltx
      StrCpy $3 1
      ${DoWhile} ${FileExists} "$2（改过的$3）.xltx"
        IntOp $3 $3 + 1
      ${Loop}
      Rename $0 "$2（改过的$3）.xltx"
    ${EndIf}
  ${EndIf}
  Pop $0
FunctionEnd
