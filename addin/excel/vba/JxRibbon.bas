Attribute VB_Name = "JxRibbon"
Option Explicit

' What the ribbon asks for. The tag of a button is the action, with its argument after a space.
Private ui As Object

Public Sub JxLoaded(ribbon As Object)
    Set ui = ribbon
End Sub

Public Sub JxOnBook(control As Object)
    Dim words As Variant
    If ActiveWorkbook Is Nothing Then
        Native.Show Texts.Say("no_workbook")
    Else
        words = Split(control.Tag, " ")
        If UBound(words) = 0 Then
            DoAndTell words(0), Array(), ActiveWorkbook
        Else
            DoAndTell words(0), Array(words(1)), ActiveWorkbook
        End If
    End If
End Sub

Public Sub JxOnFolder(control As Object)
    Dim folder As String
    folder = Native.PickFolder
    If folder <> "" Then DoAndTell control.Tag, Array(folder), ThisWorkbook
End Sub

Public Sub JxOnProgram(control As Object)
    DoAndTell control.Tag, Array(), ThisWorkbook
End Sub

Public Sub JxNewTemplate(control As Object)
    Dim started As Boolean
    started = Server.Ready(True)
    If Not started Then
        Native.Show Server.Problem
    ElseIf RuleSets.ChosenId = "" Then
        Native.Show Texts.Say("no_rule_sets")
    Else
        DoAndTell control.Tag, Array(RuleSets.ChosenId, RuleSets.Entity), ThisWorkbook
    End If
End Sub

' What the add-in knows of itself stands first: it must be readable without a server.
Public Sub JxAbout(control As Object)
    Dim answer As Variant
    answer = Server.Perform(control.Tag, Array(), ThisWorkbook)
    Native.Show Texts.Say("about", ThisWorkbook.Path) & vbLf & vbLf & answer
    Refresh
End Sub

Public Sub JxRegionCount(control As Object, ByRef count As Variant)
    count = RuleSets.RegionCount
End Sub

Public Sub JxRegionLabel(control As Object, index As Integer, ByRef label As Variant)
    label = RuleSets.RegionLabel(index)
End Sub

Public Sub JxRegionIndex(control As Object, ByRef index As Variant)
    index = RuleSets.ChosenRegion
End Sub

Public Sub JxRegionChosen(control As Object, id As String, index As Integer)
    RuleSets.ChooseRegion index
    If Not ui Is Nothing Then ui.InvalidateControl "jxYear"
End Sub

Public Sub JxYearCount(control As Object, ByRef count As Variant)
    count = RuleSets.YearCount
End Sub

Public Sub JxYearLabel(control As Object, index As Integer, ByRef label As Variant)
    label = RuleSets.YearLabel(index)
End Sub

Public Sub JxYearIndex(control As Object, ByRef index As Variant)
    index = RuleSets.ChosenYear
End Sub

Public Sub JxYearChosen(control As Object, id As String, index As Integer)
    RuleSets.ChooseYear index
End Sub

Public Sub JxEntityTyped(control As Object, text As String)
    RuleSets.Entity = text
End Sub

Private Sub DoAndTell(ByVal actionName As String, ByVal words As Variant, ByVal book As Workbook)
    Dim answer As Variant
    answer = Server.Perform(actionName, words, book)
    If VarType(answer) = vbString Then If answer <> "" Then Native.Show answer
    Refresh
End Sub

' The lists of regions and years may have been empty for want of a server.
Private Sub Refresh()
    If Not ui Is Nothing Then ui.Invalidate
End Sub
