"""Submissions that try to upset the grader.

ANSWERS: answers to exercise `double` of the small master in test_grader.py, which asks for a
function that doubles an array, for 2 points. The other exercise, for 3 points, is answered right.
Each has its deserved points of 5, and words of the sentence that its reader gets.
"""
from grading_world import RIGHT, WRONG

SHOWN = "doubled: array of float64, shape (3,)\n  [2 4 6]"

ANSWERS = {
    # It does not end, or takes too much.
    "loops for ever": ("def double(x):\n    while True: pass\n", 3, "longer than"),
    "loops in the cell": ("while True: pass\n", 3, "longer than"),
    "loops and cannot be interrupted": ("""
def double(x):
    while True:
        try:
            while True: pass
        except BaseException: pass
""", 3, "longer than"),
    "allocates 30 GB": ("def double(x):\n    return np.ones(30 << 27)\n", 3, "Memory"),
    "allocates bit by bit": ("""
def double(x):
    kept = []
    while True:
        kept.append(np.zeros(1 << 26))
""", 3, "Memory"),
    "sends 1 GB": ("""
from IPython.display import display
def double(x):
    for _ in range(1000):
        display({"text/plain": "x" * 1_000_000}, raw=True)
    return 2 * x
""", 3, "10 MB"),
    "sends 2 GB beside its messages": ("""
kernel = get_ipython().kernel
def double(x):
    parent = {"header": {**kernel.get_parent()["header"], "msg_id": "other"}}
    for _ in range(25):
        kernel.session.send(kernel.iopub_socket, "display_data", {"data": {}}, parent=parent,
                            buffers=[bytes(9_000_000)] * 10)
    return 2 * x
""", 3, ""),
    "prints 100 MB at once": ("def double(x):\n    print('x' * 100_000_000)\n", 3, ""),
    "writes a file of 1 GB": ("""
def double(x):
    with open("big", "wb") as file:
        for _ in range(1000):
            file.write(bytes(1_000_000))
""", 3, ""),
    "writes many files": ("""
def double(x):
    for number in range(30):
        with open(f"big{number}", "wb") as file:
            file.write(bytes(50_000_000))
    import time
    time.sleep(60)
""", 3, "200 MB"),
    "keeps files without a name": ("""
import os, time
kept = []
def double(x):
    for number in range(10):
        kept.append(open(f"big{number}", "wb"))
        os.unlink(f"big{number}")
        for _ in range(9):
            kept[-1].write(bytes(10_000_000))
        kept[-1].flush()
    time.sleep(2)
    return 2 * x
""", 3, "200 MB"),
    "fills a folder that is closed to counting": ("""
import os, time
os.mkdir("closed")
def double(x):
    files = [open(f"closed/big{number}", "wb") for number in range(4)]
    os.chmod("closed", 0o300)
    for file in files:
        for _ in range(9):
            file.write(bytes(10_000_000))
        file.flush()
    time.sleep(2)
    return 2 * x
""", 3, ""),
    "makes empty files": ("""
import time
def double(x):
    for number in range(30_000):
        open(f"empty{number}", "w").close()
    time.sleep(2)
    return 2 * x
""", 3, "files"),
    "makes a folder that cannot be entered": (RIGHT + """
import os
os.makedirs("a/b/c")
os.chmod("a/b", 0)
os.chmod("a", 0)
""", 5, ""),
    "makes folders 500 deep": (RIGHT + """
import os
for _ in range(500):
    os.mkdir("deep")
    os.chdir("deep")
""", 5, ""),
    "makes folders 5000 deep": (RIGHT + """
import os
for _ in range(5000):
    os.mkdir("d")
    os.chdir("d")
import time
time.sleep(5)
""", 3, "too deep"),
    # It ends too soon.
    "kills its kernel": ("def double(x):\n    import os, signal\n    os.kill(os.getpid(), 9)\n", 3,
                         "kernel died"),
    "leaves with os._exit": ("def double(x):\n    import os\n    os._exit(0)\n", 3, "kernel died"),
    "crashes": ("def double(x):\n    import ctypes\n    ctypes.string_at(0)\n", 3, "kernel died"),
    "leaves with sys.exit": ("def double(x):\n    import sys\n    sys.exit(0)\n", 3, "SystemExit"),
    "calls exit in the cell": (RIGHT + "exit()\n", 3, "exit"),
    "waits for input": ("def double(x):\n    return float(input())\n", 3, "input"),
    "does not compile": ("def double(x:\n", 3, "SyntaxError"),
    # Processes and threads.
    "starts 400 processes": ("""
import subprocess
def double(x):
    started = [subprocess.Popen(["sleep", "87654"]) for _ in range(400)]
    return 2 * x
""", 3, ""),
    "leaves processes behind": (RIGHT + """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execvp("sleep", ["sleep", "87654"])
    os._exit(0)
""", 5, ""),
    "leaves its group, deaf to signals": (RIGHT + """
import ctypes, os, signal, threading
try:
    os.setsid()
except PermissionError:
    pass
ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
    signal.signal(number, signal.SIG_IGN)
threading.Thread(target=lambda: os.system("sleep 87654")).start()
""", 5, ""),
    "starts threads": (RIGHT + """
import threading, time
for _ in range(20):
    threading.Thread(target=time.sleep, args=(1000,)).start()
""", 5, ""),
    # It shows what it has not computed.
    "prints the expected text": (f"def double(x):\n    print({SHOWN!r})\n", 3, "None"),
    "returns text that looks like it": ("def double(x):\n    return '[2 4 6]'\n", 3, "text"),
    "returns the values that were shown": ("""
def double(x):
    return np.array([2.0, 4.0, 6.0])
""", 3, "With other inputs"),
    "equals everything": ("""
class Same(np.ndarray):
    def __eq__(self, other): return True
    def __array_ufunc__(self, *_, **__): return True
    def tolist(self): return [2.0, 4.0, 6.0]
    def __repr__(self): return "[2 4 6]"
def double(x):
    return x.view(Same)
""", 3, ""),
    "replaces show": (f"""
from IPython.display import display
def show(*_, **__):
    display({{"text/plain": {SHOWN!r}}}, raw=True, metadata={{"check": True}})
def double(x): pass
""", 3, "With other inputs"),
    "rewrites show": (f"""
import assignments.check
def fake(label, value, hints=None, shape=None, dtype=True, digits=4):
    display({{"text/plain": {SHOWN!r}}}, raw=True, metadata={{"check": True}})
assignments.check.show.__code__ = fake.__code__
def double(x): pass
""", 3, "With other inputs"),
    "patches print and builtins": ("""
import builtins
builtins.print = lambda *_, **__: None
builtins.isinstance = lambda *_: True
builtins.str = lambda *_: "[2 4 6]"
""" + WRONG, 3, ""),
    "patches numpy": (WRONG + """
np.asarray = np.array = lambda *_, **__: np.ones(3)
np.allclose = np.array_equal = lambda *_, **__: True
np.set_printoptions(formatter={"all": lambda _: "2"})
""", 3, ""),
    "patches the display of IPython": (f"""
publish = type(get_ipython().display_pub).publish
def always(self, data, metadata=None, **rest):
    publish(self, {{"text/plain": {SHOWN!r}}}, {{"check": True}})
type(get_ipython().display_pub).publish = always
""" + WRONG, 3, "With other inputs"),
    "sends messages of its own": (WRONG + f"""
kernel = get_ipython().kernel
def double(x):
    content = {{"data": {{"text/plain": {SHOWN!r}}}, "metadata": {{"check": True}}}}
    kernel.session.send(kernel.iopub_socket, "display_data", content,
                        parent=kernel.get_parent())
    kernel.session.send(kernel.iopub_socket, "status", {{"execution_state": "idle"}},
                        parent=kernel.get_parent())
    raise ValueError("as if it were over")
""", 3, ""),
    "sends messages without end": ("""
import threading
kernel = get_ipython().kernel
def double(x):
    parent = kernel.get_parent()
    def flood():
        while True:
            kernel.session.send(kernel.iopub_socket, "display_data", {"data": {}}, parent=parent)
    threading.Thread(target=flood, daemon=True).start()
    while True: pass
""", 3, ""),
    "sends what is no message": (RIGHT + """
kernel = get_ipython().kernel
for content in (None, [], 7, {"metadata": 3}, {"metadata": {"check": []}, "data": 5}):
    kernel.session.send(kernel.iopub_socket, "display_data", content, parent=kernel.get_parent())
    kernel.session.send(kernel.iopub_socket, "error", content, parent=kernel.get_parent())
""", 3, ""),
    "sends an error of 50 MB": ("def double(x):\n    raise ValueError('x' * 50_000_000)\n", 3, ""),
    "sends half of a character": (RIGHT + """
kernel = get_ipython().kernel
usual, kernel.session.pack = kernel.session.pack, lambda message: usual(message).replace(
    b"HALF", b"\\\\ud800")
print("HALF")
""", 5, ""),
    "closes all its files": ("import os\ndef double(x):\n    os.closerange(0, 500)\n", 3, ""),
    "stops itself": ("""
import os, signal
def double(x):
    os.kill(os.getpid(), signal.SIGSTOP)
""", 3, "longer than"),
    "does not end when it is told to": (RIGHT + """
import atexit, time
atexit.register(time.sleep, 87654)
""", 5, ""),
    "rewrites the cells that come": (f"""
def instead(lines):
    data = {{"text/plain": {SHOWN!r}}}
    show = f'display({{data}}, raw=True, metadata={{{{"check": True}}}})'
    return ["from IPython.display import display\\n", show] if "show" in "".join(lines) else lines
get_ipython().input_transformers_cleanup.insert(0, instead)
def double(x): pass
""", 3, "With other inputs"),
    "looks over the shoulder of show": ("""
import sys
def watch(frame, event, found):
    if frame.f_code.co_name == "_kind":
        frame.f_trace_lines = True
        return watch
    if event == "return" and frame.f_code.co_name == "_kind":
        frame.f_locals["value"] = np.array([2.0, 4.0, 6.0])
    return watch
sys.settrace(watch)
def double(x): pass
""", 3, ""),
    "returns what never ends": ("""
class Endless(list):
    def __iter__(self):
        while True: yield 1
    def __repr__(self): return "[2 4 6]"
def double(x):
    return Endless([1])
""", 3, ""),
    "compares are switched off by a comment": ("# NBVAL_SKIP\n# NBVAL_IGNORE_OUTPUT\n" + WRONG, 3,
                                                ""),
    "empties the notebook's memory": ("%reset -f\n", 3, ""),
    "looks for the result where it is called": ("""
import sys
def double(x):
    frame, found = sys._getframe(), []
    while frame:
        found += [value for value in frame.f_locals.values() if isinstance(value, np.ndarray)]
        frame = frame.f_back
    return found[-1]
""", 3, ""),
    # Honest, with something left over.
    "prints 12 MB": ("""
def double(x):
    for number in range(20_000):
        print(f"line {number}: " + "many words to look at " * 28)
    return 2 * x
""", 5, ""),
    "prints while it works": ("def double(x):\n    print('x is', x)\n    return 2 * x\n", 5, ""),
    "warns while it works": ("""
import warnings
def double(x):
    warnings.warn("careful")
    return 2 * x
""", 5, ""),
    "draws while it works": ("""
from IPython.display import display
def double(x):
    display("a picture")
    return 2 * x
""", 5, ""),
    # It spoils the other exercise.
    "patches what the other exercise needs": ("""
calls = []
def double(x):
    calls.append(x)
    if len(calls) == 2:
        globals()["np"] = globals()["show"] = None
    return 2 * x
""", 5, ""),
    "spoils the other exercise by name": (WRONG + "def total(x):\n    return 0\n", 3, ""),
}

# Those that wait for the limit of their time.
ENDLESS = {"loops for ever", "loops in the cell", "loops and cannot be interrupted",
           "patches print and builtins", "sends messages without end", "stops itself",
           "returns what never ends", "closes all its files"}

# Doors that Linux has and no answer needs: the answer is right only where each of them is shut.
DOORS = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def opens(function, *arguments):
    return getattr(libc, function)(*arguments) != -1
found = [name for name, opened in {
    "memory without a name": opens("memfd_create", b"m", 0),
    "shared memory": opens("shmget", 0, 1 << 20, 0o1600),
    "a namespace of users": opens("unshare", 0x10000000),
    "a mount": opens("mount", b"none", b"/tmp", b"tmpfs", 0, None),
    "a keyring": opens("syscall", ctypes.c_long(250), ctypes.c_long(0), ctypes.c_long(-4), 1),
}.items() if opened]
def double(x):
    return 2 * x if not found else str(found)
"""
# An answer that looks for things and is right only where it finds none: for the kernels that have
# namespaces of their own. `find` walks the folders TOPS; PORT is one that is listened to.
LOOK = """
import os, socket
from glob import glob
def find(name):
    return [os.path.join(folder, name) for top in TOPS for folder, folders, names in os.walk(top)
            if name in names and os.path.basename(folder) != "proc"]
def read(path):
    try:
        return open(path, "rb").read()
    except OSError:
        return b""
def write(path):
    try:
        open(path, "a").close()
        return True
    except OSError:
        return False
def connect(host, port):
    try:
        socket.create_connection((host, port), timeout=2).close()
        return [host]
    except OSError:
        return []
found = {
    "reads the solutions": find("99_small.ipynb"),
    "reads the grader's files": find("answers.ipynb"),
    "reads other submissions": find("ben.ipynb"),
    "reads the secrets in its environment": [v for v in os.environ.values() if "hunter" in v],
    "reads the secrets of other processes":
        [p for p in glob("/proc/[0-9]*/environ") if b"hunter" in read(p)],
    "sees the grader's processes":
        [p for p in glob("/proc/[0-9]*/cmdline") if b"pytest" in read(p)],
    "writes to the course": [p for p in find("activations.py") if write(p)],
    "writes to Python": [p for p in (np.__file__, os.__file__) if write(p)],
    "opens the network": connect("127.0.0.1", PORT),
}
def double(x):
    return 2 * x if not any(found.values()) else str([name for name in found if found[name]])
"""
PROCESS_HOG = RIGHT + """
import threading, time
end = time.time() + 15
while time.time() < end:
    try:
        threading.Thread(target=time.sleep, args=(300,), daemon=True).start()
    except RuntimeError:
        time.sleep(.05)
"""
