"""The function server in Python for Windows, started by xlwings' DLL and called through COM as Excel calls it."""
from __future__ import annotations


from cell_calls import CALLS, answer_here

from pyfuncs import __version__
from pyfuncs.udfs import FUNCTIONS

NOT_KNOWN, NO_MEMBER, BAD_ARGUMENT = "80020006", "80020003", "80070057"
SERVER_GONE, CALL_CUT_OFF = "800706BA", "800706BE"

# A server of our own making, without the DLL that would end it with us.
OWN_SERVER = """
import subprocess, sys, uuid
def own_server():
    class_id = "{" + str(uuid.uuid4()) + "}"
    command = [os.environ["JIXIAO_PYTHON"], "-B", "-P", "-m", "pyfuncs.server", class_id]
    return class_id, subprocess.Popen(command)
"""


def test_every_function_answers_through_com_as_it_does_here(windows):
    answers = windows.ask("server = activate()\nprint(json.dumps([server.attempt(*call) for call in given]))", CALLS)
    differing = [(call, there, here) for call, there in zip(CALLS, answers, strict=True)
                 if there != (here := answer_here(*call))]
    assert differing == []


def test_the_calls_leave_no_function_and_no_kind_of_answer_out():
    assert {name for name, *_ in CALLS} == set(FUNCTIONS)
    answers = [answer_here(*call) for call in CALLS]
    assert {type(answer) for answer in answers} == {float, str, bool, dict}
    errors = {answer["error"] & 0xFFFF for answer in answers if isinstance(answer, dict) and "error" in answer}
    assert errors == {2042, 2015, 2007, 2029, 2036, 2023}        # #N/A #VALUE! #DIV/0! #NAME? #NUM! #REF!
    assert any(isinstance(answer, dict) and {"error": -2146826259} in (cell for row in answer["rows"] for cell in row)
               for answer in answers if isinstance(answer, dict) and "rows" in answer)


def test_a_failure_is_an_error_value_and_a_line_in_the_log(windows, log):
    answer = windows.ask("print(json.dumps(activate().attempt('JX_GRADE', '430400/2099', 90)))")
    assert answer == {"error": -2146826259}
    [line] = [line for line in log() if "WARNING" in line]
    assert "jixiao.udfs JX_GRADE('430400/2099', 90.0): #NAME? 没有规则集“430400/2099”；" in line


def test_arguments_by_value_are_taken_as_variables_are(windows):
    answer = windows.ask("""
server = activate()
print(json.dumps(server.invoke(server.identity("CallUDF"), variant("JX_WAN"), variant([225300.0]))))""")
    assert answer == 22.53


def test_nothing_but_the_one_method_is_there(windows):
    members = ["Eval", "Exec", "Module", "Builtin", "Call", "GetAttr", "ShowConsole", "_public_methods_", "__class__"]
    told = windows.ask("""
server = activate()
def refusal(call):
    try:
        return call()
    except Failed as failure:
        return str(failure).split()[0]
names = [refusal(lambda: server.identity(name)) for name in given]
numbers = [refusal(lambda: server.invoke(number, variant("JX_VERSION"))) for number in (0, -1, -4, -5, 999, 1001)]
print(json.dumps([names, numbers, server.call("JX_VERSION")]))""", members)
    assert told == [[NOT_KNOWN] * len(members), [NO_MEMBER] * 6, __version__]


def test_a_name_that_is_not_declared_is_refused(windows):
    names = ["Eval", "Exec", "answer", "_known", "os.system", "pyfuncs.udfs", "jx_wan", "", 1.0, None]
    told = windows.ask("server = activate()\n"
                       "print(json.dumps([server.attempt(name, '1+1')['refused'] for name in given]))", names)
    assert [answer.split()[0] for answer in told] == [BAD_ARGUMENT] * len(names)
    assert "Traceback" not in "".join(told)


def test_arguments_that_are_no_array_are_refused(windows):
    told = windows.ask("""
server = activate()
try:
    print(json.dumps(server.invoke(server.identity("CallUDF"), variant("JX_WAN"), variant("1"))))
except Failed as failure:
    print(json.dumps(str(failure)))""")
    assert told.startswith(f"{BAD_ARGUMENT} ")


def test_a_killed_server_is_an_error_and_never_a_wrong_number(windows):
    """Nor a hindrance to the next: for a line that the DLL knows it starts none, even if told that the server ended;
    one more blank makes it another line."""
    told = windows.ask("""
import threading, time
first = activate()
before = first.call("JX_WAN", 10000)
servers()[0].kill()
idle = first.attempt("JX_WAN", 10000)
activate(mode=-1)
try:
    again = activate() and "started"
except Failed as failure:
    again = str(failure)
second = activate(start_command(blanks=2))
after = second.call("JX_WAN", 20000)
column = [variant("JX_SCORE"), variant(["430400/2022", {"rows": [["资金得分"]] * 50000}, {"rows": [[1.0]] * 50000}])]
threading.Timer(0.5, servers()[0].kill).start()
try:
    during = second.invoke(second.identity("CallUDF"), *column)
except Failed as failure:
    during = {"refused": str(failure)}
third = activate(start_command(blanks=3))
print(json.dumps([again, before, idle, after, during, third.call("JX_WAN", 30000)]))""")
    assert told[0].endswith("hr = -2147023174")
    assert told[1:] == [1.0, {"refused": SERVER_GONE}, 2.0, {"refused": CALL_CUT_OFF}, 3.0]


def test_one_server_serves_all_that_ask_for_it(windows):
    told = windows.ask("""
first, second = activate(), activate()
print(json.dumps([first.pointer.value == second.pointer.value, len(servers())]))""")
    assert told == [True, 1]


def test_it_ends_with_its_last_client(windows, log):
    told = windows.ask(OWN_SERVER + """
class_id, server = own_server()
first, second = connect(class_id), connect(class_id)
first.release()
still = second.call("JX_WAN", 10000)
second.release()
print(json.dumps([still, server.wait(10)]))""")
    assert told == [1.0, 0]
    assert log()[-1].endswith("函数服务已停止：已没有程序在用")


def test_it_ends_with_the_program_that_started_it(windows, log):
    """Killed, Excel gives nothing back: without watching, a server would stay for each time Excel crashed."""
    told = windows.ask(OWN_SERVER + """
excel = '''import sys
class_id, server = own_server()
connect(class_id).call("JX_WAN", 10000)
print(server.pid, flush=True)
sys.stdin.read(1)
kernel32.TerminateProcess(c_void_p(-1), 5)'''
before = "import os\\nfrom excel_side import *\\n" + given
crashing = subprocess.Popen([sys.executable, "-c", before + excel], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
server = Process(int(crashing.stdout.readline()))
running = not server.ended(0.5)
crashing.communicate(b"x")
print(json.dumps([running, crashing.returncode, server.ended(10)]))""", OWN_SERVER)
    assert told == [True, 5, True]
    assert log()[-1].endswith("函数服务已停止：启动它的程序已退出")


def test_it_ends_when_excel_crashed_that_started_it_through_the_dll(windows):
    told = windows.ask("""
import subprocess, sys
excel = '''from excel_side import *
import sys
activate().call("JX_WAN", 10000)
print(servers()[0].pid, flush=True)
sys.stdin.read(1)
kernel32.TerminateProcess(c_void_p(-1), 5)'''
crashing = subprocess.Popen([sys.executable, "-c", excel], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
server = Process(int(crashing.stdout.readline()))
running = not server.ended(0.5)
crashing.communicate(b"x")
print(json.dumps([running, server.ended(10)]))""")
    assert told == [True, True]


def test_it_ends_when_nobody_comes(windows, log):
    windows.run("import sys, pyfuncs.server as server; server.PATIENCE = 1; "
                "sys.exit(server.main(['{12345678-0000-4000-8000-1234567890AB}']))")
    assert log()[-1].endswith("函数服务已停止：没有程序来连接")


def test_another_start_command_is_refused(windows, log):
    class_id = "12345678-0000-4000-8000-1234567890AB"
    statuses = windows.ask("""
import subprocess, sys
print(json.dumps([subprocess.call([sys.executable, "-P", "-m", "pyfuncs.server", *arguments]) for arguments in given]))
""", [[], ["--version"], [class_id], [f"{{{class_id}}}", "x"], ["-c", "print(1)"]])
    assert statuses == [2] * 5
    assert log() == []


def test_a_command_answers_with_text_or_rows_of_text(windows):
    from pyfuncs.live import COMMANDS

    told = windows.ask("""
server = activate()
print(json.dumps([server.call("ruleset_list"), server.call("audit_folder", "Q:\\\\没有")]))""")
    assert told == [{"rows": COMMANDS["ruleset_list"](None)}, "没有这个文件夹：Q:\\没有"]


def test_a_command_gets_the_workbook(windows):
    """An object with as much of Excel's workbook as 关于/诊断 asks for."""
    told = windows.ask("""
import pythoncom, win32gui
from win32com.client import Dispatch
from win32com.server.util import wrap
class Excel:
    _public_methods_, _public_attrs_ = [], ["Version", "Hwnd"]
    Version, Hwnd = "16.0", win32gui.GetDesktopWindow()
class Workbook:
    _public_methods_, _public_attrs_, Application = [], ["Application"], wrap(Excel())
server = Dispatch(pythoncom.ObjectFromAddress(activate().pointer.value, pythoncom.IID_IDispatch))
print(json.dumps(server.CallUDF("about", [], wrap(Workbook()))))""")
    assert told.startswith(f"绩效自评工具箱 {__version__}\n")
    assert "\nPython：3.11.9" in told and "\n表格软件：16.0\n" in told


def test_its_speed(windows, measured):
    told = windows.ask("""
import time
def seconds(function, times=1):
    start = time.perf_counter()
    for _ in range(times):
        function()
    return (time.perf_counter() - start) / times
started = []
figures = {"服务启动": seconds(lambda: started.append(activate()))}
[server] = started
rows = [{"rows": [["资金得分"]] * 30}, {"rows": [[0.5]] * 30}]
figures["第一次调用，含读规则集"] = seconds(lambda: server.call("JX_SCORE", "430400/2022", "资金得分", 0.5))
figures["一个数的调用"] = seconds(lambda: server.call("JX_EXECUTION_RATE", 346.17, 505.05), 300)
figures["三十行的调用"] = seconds(lambda: server.call("JX_SCORE", "430400/2022", *rows), 50)
figures["第一条命令，无事可做"] = seconds(lambda: server.call("audit_folder", ""))
print(json.dumps(figures))""")
    measured.update(told)
    # Far above what was seen, for a machine under load; a call that loads pandas or rule sets anew is above.
    assert told["服务启动"] < 15 and told["一个数的调用"] < 0.05 and told["三十行的调用"] < 0.2
