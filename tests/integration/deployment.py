"""Workers, beat and relay as processes of their own, on a real broker and a database of this test's."""

import base64
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import redis
from kombu import Connection
from kombu import Queue as BrokerQueue

from notify_adapters.sms.fake import FakeSmsStore
from notify_core.accounts.model import Caller
from notify_core.kernel.queues import ALL_QUEUES
from notify_core.notifications.use_cases import SmsRequest
from notify_core.testing.builders import a_service, a_template, an_api_key
from notify_entrypoints.containers import Container, migrate
from notify_entrypoints.settings import load_settings
from tests.integration.waiting import eventually

BESIDE = Path(sys.executable).parent


class Program:
    """A started process, its children, and what it wrote."""

    def __init__(self, log, *command, environ, cwd):
        self.log = log
        with log.open("wb") as file:
            self._process = subprocess.Popen(
                command, env=environ, cwd=cwd, stdout=file, stderr=file, start_new_session=True
            )

    @property
    def pid(self):
        return self._process.pid

    @property
    def text(self):
        return self.log.read_text(encoding="utf-8")

    def running(self):
        return self._process.poll() is None

    def terminate(self):
        self._process.send_signal(signal.SIGTERM)

    def ended(self, within=60):
        return self._process.wait(within)

    def kill(self):
        if self.running():
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait(10)


class Deployment:
    """One platform on Celery. Its queues have a prefix of their own, so that others may use the broker too.
    A variable that is given as None is not set."""

    def __init__(self, folder, broker_url, statsd=None, **environ):
        self.folder, self.statsd = folder, statsd
        self.prefix = f"test-{uuid4().hex[:8]}-"
        self.data_dir = folder / "data"
        self.data_dir.mkdir()
        self.workplace = folder / "workplace"
        self.workplace.mkdir()
        self._broker_url = broker_url
        variables = {
            "NOTIFY_ENVIRONMENT": "test",
            "NOTIFY_DATA_DIR": str(self.data_dir),
            "NOTIFY_SECRET_KEYS": "a-key-that-encrypts-what-tests-store",
            "NOTIFY_ADMIN_SECRETS": "an-admin-secret-of-this-test-long-enough",
            "NOTIFY_API_BASE_URL": "http://notify.test",
            "NOTIFY_TASK_QUEUE": "celery",
            "NOTIFY_TASK_QUEUE_BROKER_URL": broker_url,
            "NOTIFY_TASK_QUEUE_PREFIX": self.prefix,
            "NOTIFY_LOG_FORMAT": "json",
            **(self._measured(statsd) if statsd else {}),
            **environ,
        }
        self.environ = {name: value for name, value in variables.items() if value is not None}
        self.container = Container(settings=load_settings(self.environ))
        migrate(self.container)
        # Connects when it is asked something, which only tests on Redis do.
        self.redis = redis.Redis.from_url(broker_url if broker_url.startswith("redis") else "redis://")
        self.sms_network = FakeSmsStore(self.data_dir)
        self.sms_network.rescript(receipts=False)
        self.programs = []
        self._caller, self._template = self._service()

    @staticmethod
    def _measured(statsd):
        return {
            "NOTIFY_METRICS": "statsd",
            "NOTIFY_METRICS_HOST": "127.0.0.1",
            "NOTIFY_METRICS_PORT": str(statsd.port),
        }

    # Processes.

    def worker(self, *queues, concurrency=2, name=None, **environ):
        """A worker that has started its processes."""
        worker = self.start_worker(*queues, concurrency=concurrency, name=name, **environ)
        self.wait_for(lambda: " ready." in worker.text or not worker.running(), 60, lambda: worker.text)
        assert worker.running(), worker.text
        return worker

    def start_worker(self, *queues, concurrency=2, name=None, **environ):
        name = name or f"worker-{len(self.programs)}"
        return self._start(
            name,
            "celery", "-A", "notify_entrypoints.celery_app", "worker",
            "-n", f"{name}@{self.prefix}", "-c", str(concurrency), *(("-Q", ",".join(queues)) if queues else ()),
            **environ,
        )  # fmt: skip

    def beat(self):
        return self._start(
            f"beat-{len(self.programs)}", "celery", "-A", "notify_entrypoints.celery_app", "beat"
        )  # fmt: skip

    def relay(self, **environ):
        return self._start(f"relay-{len(self.programs)}", "notify", "relay", **environ)

    def _start(self, name, program, *arguments, **environ):
        surroundings = {key: value for key, value in os.environ.items() if not key.startswith("NOTIFY_")}
        started = Program(
            self.folder / f"{name}.log",
            str(BESIDE / program),
            *arguments,
            environ={**surroundings, **self.environ, **environ},
            cwd=self.workplace,
        )
        self.programs.append(started)
        return started

    # Work.

    def _service(self):
        service = a_service()
        template = a_template(service_id=service.id, content="Hello ((name)), the river rises")
        key = an_api_key(service_id=service.id)
        with self.container.work()() as work:
            work.services.put(service)
            work.api_keys.put(key)
            work.templates.put(template)
            work.commit()
        return Caller(service, key), template

    def text(self, number="07700900123", name="Grace"):
        """Accept a text message, as the API does."""
        request = SmsRequest(number, self._template.id, {"name": name})
        return self.container.accept_sms()(self._caller, request).id

    def enqueue(self, *tasks):
        with self.container.work()() as work:
            for task in tasks:
                work.enqueue(task)
            work.commit()

    def rows(self):
        return self.container.ledger().entries(limit=10_000)

    def sql(self, statement, *values):
        with self.container.engine().begin() as connection:
            connection.exec_driver_sql(statement, values)

    def let_leases_run_out(self):
        """As if more time had passed than any lease lasts."""
        self.sql("update task_ledger set leased_until_us = leased_until_us - 600000000 where state = 'claimed'")

    def wait_for(self, condition, seconds=60.0, otherwise=None):
        return eventually(condition, otherwise or self._said, seconds)

    def _said(self):
        return "\n".join(program.text[-3000:] for program in self.programs)

    def wait_until_done(self, seconds=60.0):
        self.wait_for(lambda: not self.rows(), seconds)

    def lines(self, *programs):
        """The log lines of these programs (all) that are ours."""
        texts = [line for program in programs or self.programs for line in program.text.splitlines()]
        return [json.loads(line) for line in texts if line.startswith("{")]

    # The broker.

    def messages(self, queue):
        """What lies in a queue, as it lies there: (message, decoded body), oldest first."""
        raw = [json.loads(item) for item in self.redis.lrange(self.prefix + queue, 0, -1)]
        return [(message, json.loads(base64.b64decode(message["body"]))) for message in reversed(raw)]

    def unacknowledged(self):
        """How many of this deployment's messages somebody has and has not answered for."""
        return int(self.redis.hlen(f"{self.prefix}notify-unacked"))

    def put_message(self, queue, message, body):
        message = json.loads(json.dumps(message))
        message["body"] = base64.b64encode(json.dumps(body).encode()).decode()
        message["properties"]["delivery_tag"] = str(uuid4())
        self.redis.lpush(self.prefix + queue, json.dumps(message))

    def lose_everything(self):
        """What Redis has of this deployment is gone: messages, what was fetched, the queues themselves."""
        for key in self.redis.scan_iter(f"*{self.prefix}*", count=1000):
            self.redis.delete(key)

    def close(self):
        for program in self.programs:
            program.kill()
        # Where Amazon is moto, it forgets after each test.
        if not self._broker_url.startswith("sqs"):
            with Connection(self._broker_url) as connection:
                for queue in ALL_QUEUES:
                    BrokerQueue(self.prefix + queue, channel=connection.default_channel).delete()
        self.redis.close()
        self.sms_network.close()
        self.container.engine().dispose()
