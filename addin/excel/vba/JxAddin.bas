Attribute VB_Name = "JxAddin"
Option Explicit

' The parts of the add-in, each made when it is first used, also after an End statement has reset them all.
' They are classes because any cell of any workbook may use a Function of a standard module:
' none stands in one, except the cell functions.
Public Native As New JxNative
Public Texts As New JxTexts
Public Arguments As New JxArguments
Public Places As New JxPlaces
Public Server As New JxServer
Public Spelling As New JxSpelling
Public Binding As New JxBinding
Public RuleSets As New JxRuleSets
Public Help As New JxHelp
Public Events As New JxEvents

Public Sub JxStart()
    Dim book As Workbook
    Events.Watch Application
    For Each book In Application.Workbooks
        Binding.Bind book
    Next book
    ' Excel describes functions only once it has finished starting.
    Native.RunLater "JxAddin.JxDescribe"
End Sub

Public Sub JxDescribe()
    Help.DescribeAll
End Sub

Public Sub JxStop()
    Server.Disconnect
    Events.Watch Nothing
End Sub
