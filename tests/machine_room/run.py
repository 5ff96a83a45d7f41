#!/usr/bin/env python3
"""Two nodes behind nginx on one PostgreSQL, one killed in a rush; and a thousand half requests.

    TURNOUT_BIN=target/debug/turnout python3 tests/machine_room/run.py two-nodes|slow-clients

Everything runs on loopback ports from PORT (8180) on, in a folder that is deleted afterwards. Needs nginx,
PostgreSQL's server and, as root, runuser. Says SKIPPED and ends well where one is missing; ends with 1 when
something does not hold. Takes less than a minute.
"""
import asyncio, glob, http.client, json, os, pwd, re, resource, shutil, signal, socket, subprocess, sys, tempfile
import threading, time, uuid
from datetime import datetime, timedelta

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PORT = int(os.environ.get("PORT", "8180"))
FRONT, NODES, DATABASE, MAIL = PORT, (PORT + 1, PORT + 2), PORT + 3, PORT + 4
BOOKINGS, KILLED_AFTER, VISITORS = 450, 150, 12
HALVES, DESCRIPTORS = 1000, 256
URL = f"postgres://postgres@127.0.0.1:{DATABASE}/postgres"
started, failures = [], []


def holds(words, is_so):
    print(f"{'holds' if is_so else 'DOES NOT HOLD'}: {words}")
    if not is_so:
        failures.append(words)


def needed():
    binaries = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    for name, found in (("PostgreSQL's server", binaries), ("nginx", shutil.which("nginx")),
                        ("TURNOUT_BIN", os.environ.get("TURNOUT_BIN"))):
        if not found:
            print(f"SKIPPED: {name} is missing")
            sys.exit(0)
    return binaries[-1], os.path.abspath(os.environ["TURNOUT_BIN"])


def until(what, ready, seconds=20):
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            sys.exit(f"{what}: not within {seconds} seconds")
        time.sleep(0.02)


def postgres(folder, binaries):
    data = os.path.join(folder, "postgres")
    os.mkdir(data, 0o700)
    own = {}
    if os.getuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(data, user.pw_uid, user.pw_gid)
        own = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    run = dict(cwd=data, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **own)
    cluster = os.path.join(data, "cluster")
    subprocess.run([f"{binaries}/initdb", "-D", cluster, "-U", "postgres", "--auth=trust", "--no-sync"], check=True, **run)
    started.append((subprocess.Popen([f"{binaries}/postgres", "-D", cluster, "-p", str(DATABASE), "-c", "listen_addresses=127.0.0.1",
                                      "-c", "unix_socket_directories="], **run), signal.SIGINT))
    until("PostgreSQL", lambda: subprocess.run([f"{binaries}/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(DATABASE)]).returncode == 0)


def sql(text):
    done = subprocess.run(["psql", "-X", "-q", "-At", URL, "-c", text], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def settings(database, port, mail):
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("TURNOUT_", "ROCKET_", "DATABASE_"))}
    return {**clean, "TURNOUT_DATABASE_URL": database, "TURNOUT_PUBLIC_URL": "https://training.example", "ROCKET_PORT": str(port),
            "ROCKET_SECRET_KEY": "07" * 32, "TURNOUT_RATE_LIMITS": "off", "TURNOUT_MAIL": mail, "TURNOUT_MAIL_FROM": "training@training.example",
            "TURNOUT_OFFICE_PHONE": "01234 567890", "TURNOUT_OFFICE_EMAIL": "office@training.example"}


def ready(port):
    try:
        return ask(port, "GET", "/health/ready")[0] == 200
    except OSError:
        return False


def node(binary, folder, port, env, descriptors=None):
    limit = (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))) if descriptors else None
    process = subprocess.Popen([binary, "serve"], cwd=folder, env=env, preexec_fn=limit, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    started.append((process, signal.SIGTERM))
    until(f"the node on {port}", lambda: ready(port))
    return process


def nginx(folder, ports):
    """The configuration that the manual shows, without TLS, on our ports."""
    text = open(os.path.join(ROOT, "deploy/nginx/turnout.conf")).read()
    text = re.sub(r"\n *ssl_certificate.*", "", text).replace("listen 443 ssl;", f"listen 127.0.0.1:{FRONT};")
    servers = "\n".join(f"    server 127.0.0.1:{port} max_fails=1 fail_timeout=5s;" for port in ports)
    text = re.sub(r" *server 127\.0\.0\.1:8000 .*", servers, text)
    path = os.path.join(folder, "nginx.conf")
    user = "user root;" if os.getuid() == 0 else ""
    with open(path, "w") as file:
        file.write(f"{user} daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; worker_rlimit_nofile 8192;\n"
                   f"events {{ worker_connections 4096; }}\nhttp {{ access_log off; client_body_temp_path {folder}/body; "
                   f"proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n{text}\n}}\n")
    started.append((subprocess.Popen(["nginx", "-c", path], stderr=subprocess.DEVNULL), signal.SIGTERM))
    until("nginx", lambda: ready(FRONT))


def season(folder, binary, env):
    """The sample's people and courses, and one session four weeks from today with room for everybody."""
    files = os.path.join(folder, "files")
    os.mkdir(files)
    for name in ("alliances", "institutions", "courses", "staff"):
        shutil.copy(os.path.join(ROOT, "sample", f"{name}.csv"), files)
    day = (datetime.now() + timedelta(days=28)).strftime("%Y-%m-%d")
    head = open(os.path.join(ROOT, "sample/sessions.csv")).readline().strip()
    values = {"code": "S001", "course": "two-day", "alliance": "citizens-mk", "venue": "Hall", "address": "1 Row", "capacity": "1000",
              "places_per_booking": "6", "mode": "instant"}
    with open(os.path.join(files, "sessions.csv"), "w") as file:
        file.write(head + "\n" + ",".join(values.get(column, "") for column in head.split(",")) + "\n")
    head = open(os.path.join(ROOT, "sample/sittings.csv")).readline().strip()
    values = {"session": "S001", "number": "1", "starts": f"{day}T10:00", "ends": f"{day}T12:00"}
    with open(os.path.join(files, "sittings.csv"), "w") as file:
        file.write(head + "\n" + ",".join(values.get(column, "") for column in head.split(",")) + "\n")
    for command in (["migrate"], ["import", files]):
        done = subprocess.run([binary, *command], env=env, cwd=folder, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"turnout {command[0]}: {done.stderr}")


def ask(port, method, path, body=None, headers={}):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error
    finally:
        connection.close()


class Mail:
    """A mail server that counts each Message-ID."""

    def __init__(self):
        self.taken, self.loop = {}, asyncio.new_event_loop()
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(asyncio.start_server(self.talk, "127.0.0.1", MAIL))
        self.loop.run_forever()

    async def talk(self, read, write):
        write.write(b"220 test\r\n")
        try:
            while line := await read.readline():
                if line.startswith(b"DATA"):
                    write.write(b"354 go on\r\n")
                    message = await read.readuntil(b"\r\n.\r\n")
                    name = re.search(rb"(?im)^Message-ID:\s*(\S+)", message).group(1)
                    self.taken[name] = self.taken.get(name, 0) + 1
                write.write(b"250 ok\r\n")
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            write.close()


def two_nodes(folder):
    binaries, binary = needed()
    postgres(folder, binaries)
    mail, url = Mail(), f"smtp://127.0.0.1:{MAIL}"
    season(folder, binary, settings(URL, 0, url))
    first, second = (node(binary, folder, port, settings(URL, port, url)) for port in NODES)
    nginx(folder, NODES)
    lock, answered, again, took, killed = threading.Lock(), {}, [], [], []
    numbers = iter(range(BOOKINGS))

    def visitor():
        while True:
            with lock:
                number = next(numbers, None)
                is_time = len(answered) >= KILLED_AFTER and not killed
                if is_time:
                    first.kill()
                    killed.append(time.monotonic())
            if number is None:
                return
            key, began = str(uuid.uuid4()), time.monotonic()
            body = json.dumps({"leader": {"name": f"Leader {number}", "email": f"leader{number}@example.org"}, "places": [{}]})
            headers = {"Content-Type": "application/json", "Idempotency-Key": key}
            while time.monotonic() - began < 20:
                try:
                    status, text = ask(FRONT, "POST", "/api/v1/sessions/S001/registrations", body, headers)
                except OSError:
                    status, text = 0, b""
                if status == 201:
                    with lock:
                        answered[json.loads(text)["reference"]] = time.monotonic()
                        took.append(time.monotonic() - began)
                    break
                with lock:
                    again.append(status)
                time.sleep(0.05)

    visitors = [threading.Thread(target=visitor) for _ in range(VISITORS)]
    [one.start() for one in visitors]
    [one.join() for one in visitors]
    after = sorted(at - killed[0] for at in answered.values() if at > killed[0])
    kept = set(sql("select reference from registrations where booked_at is not null"))
    print(f"{len(answered)} bookings answered, node one killed with -9 after {KILLED_AFTER}; {len(again)} requests had to be "
          f"pressed again ({sorted(set(again))}); the slowest took {max(took):.2f} s")
    holds(f"all {BOOKINGS} bookings were answered", len(answered) == BOOKINGS)
    holds("every booking that was answered is there", {one.replace("-", "") for one in answered} <= {one.replace("-", "") for one in kept})
    holds("each visitor has one", sql("select count(*) from registrations where booked_at is not null") == [str(BOOKINGS)])
    holds(f"the other node answered within a second ({after[0]:.2f} s)", after[0] < 1)
    holds(f"nobody waited longer than a second between two answers ({max(b - a for a, b in zip(after, after[1:])):.2f} s)",
          max(b - a for a, b in zip(after, after[1:])) < 1)
    # What the dead node had claimed is claimed for five minutes: they are over.
    until("letters", lambda: sql("select count(*) from outbox where sent_at is null and claimed_until is null") == ["0"])
    sql("update outbox set claimed_until = now() where sent_at is null")
    until("letters", lambda: sql("select count(*) from outbox where sent_at is null") == ["0"])
    twice = sum(1 for count in mail.taken.values() if count > 1)
    letters = int(sql("select count(*) from outbox")[0])
    holds(f"all {letters} letters left", len(mail.taken) == letters)
    holds(f"none twice but what was on its way when the node died ({twice}, at most 8)", twice <= 8)
    doctor = subprocess.run([binary, "doctor"], env=settings(URL, 0, url), cwd=folder, capture_output=True, text=True)
    holds("doctor finds nothing", doctor.returncode == 0)


def slow_clients(folder):
    _, binary = needed()
    database = f"sqlite://{folder}/turnout.db"
    env = settings(database, NODES[0], f"folder:{folder}/mail")
    season(folder, binary, env)
    process = node(binary, folder, NODES[0], env, DESCRIPTORS)
    nginx(folder, NODES[:1])
    halves = []
    for number in range(HALVES):
        # As from a thousand machines: of one address nginx lets fifty requests through.
        half = socket.create_connection(("127.0.0.1", FRONT), source_address=(f"127.1.{number // 250}.{number % 250 + 1}", 0))
        body = b"POST /sessions/S001/register HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nname=" if number % 2 else b"GET / HTTP/1.1\r\nHost: x"
        half.sendall(body)
        halves.append(half)
    descriptors = len(os.listdir(f"/proc/{process.pid}/fd"))
    slowest = 0
    for number in range(100):
        began = time.monotonic()
        status, _ = ask(FRONT, "GET", "/" if number % 2 else "/sessions/S001")
        slowest = max(slowest, time.monotonic() - began)
        if status != 200:
            holds(f"others are served ({status})", False)
            break
    print(f"{HALVES} half requests through nginx, {DESCRIPTORS} descriptors for Turnout, {descriptors} in use")
    holds(f"100 others are served meanwhile, the slowest in {slowest:.2f} s", slowest < 1)
    holds("Turnout holds no descriptor for them", descriptors < 100)
    end = time.monotonic() + 15
    for half in halves:
        half.settimeout(max(0.1, end - time.monotonic()))
        try:
            while half.recv(4096):
                pass
        except TimeoutError:
            holds("each half request is closed within 15 seconds", False)
            break
        except OSError:
            pass
    else:
        holds("each half request is closed within 15 seconds", True)


def main():
    parts = {"two-nodes": two_nodes, "slow-clients": slow_clients}
    if len(sys.argv) != 2 or sys.argv[1] not in parts:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        try:
            parts[sys.argv[1]](folder)
        finally:
            for process, sign in reversed(started):
                process.send_signal(sign)
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
    sys.exit(1 if failures else 0)


main()
