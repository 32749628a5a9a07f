/* Stands in for a program of ours: notes its arguments in %TEMP%\called.txt and ends. With --stay it runs until its
   input ends; with --excel too, behind a window of the class that Excel's have. */
#include <windows.h>
#include <stdio.h>

static void stay(void) {
    GetDesktopWindow();                               /* else Wine makes a desktop for each program that needs one */
    puts("ready");
    fflush(stdout);
    getchar();
}

static int excel(void) {
    WNDCLASSW made = {0};
    made.lpfnWndProc = DefWindowProcW;
    made.lpszClassName = L"XLMAIN";
    if (!RegisterClassW(&made) || !CreateWindowW(L"XLMAIN", L"", 0, 0, 0, 9, 9, NULL, NULL, NULL, NULL)) return 1;
    stay();
    return 0;
}

int wmain(int count, wchar_t **words) {
    wchar_t path[MAX_PATH];
    if (count > 1 && !wcscmp(words[1], L"--excel")) return excel();
    if (count > 1 && !wcscmp(words[1], L"--stay")) {
        stay();
        return 0;
    }
    ExpandEnvironmentStringsW(L"%TEMP%\\called.txt", path, MAX_PATH);
    FILE *file = _wfopen(path, L"a");
    for (int i = 1; i < count; i++) fwprintf(file, L"%ls%ls", words[i], i + 1 < count ? L" " : L"\n");
    fclose(file);
    return 0;
}
