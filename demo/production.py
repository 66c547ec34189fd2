"""The engines of production: PostgreSQL, Celery on Redis, S3, Lambda; each a process of its own."""

import os
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit

import boto3
import psycopg
import redis

from demo.platform import Platform
from demo.processes import answers, free_port

WEB = "gunicorn"
DELIVERIES, BROADCASTS, BEAT = "worker-deliveries", "worker-broadcasts", "beat"
BROADCAST_QUEUES = ("broadcast-tasks",)
BUCKETS = ("pdf", "test", "scan", "sanitise", "invalid", "response")


class ProductionPlatform(Platform):
    """gunicorn, two groups of Celery workers and beat. Servers as given, else by ``NOTIFY_TEST_POSTGRESQL_URL`` and
    ``NOTIFY_TEST_REDIS_URL``; S3 is played by moto's server, Lambda and suppliers by ``notify fakes``."""

    title = "Notify on PostgreSQL, Celery on Redis, S3 and Lambda"
    parts: tuple[str, ...] = (WEB, DELIVERIES, BROADCASTS, BEAT)

    def __init__(self, folder: Path, *, postgresql_url: str | None = None, redis_url: str | None = None) -> None:
        super().__init__(folder)
        name = f"notify_demo_{token_hex(4)}"
        given = postgresql_url or os.environ.get(
            "NOTIFY_TEST_POSTGRESQL_URL", "postgresql+psycopg://root@127.0.0.1:5432/test"
        )
        self._admin_dsn = given.replace("postgresql+psycopg://", "postgresql://")
        self._database = name
        self._database_url = given.replace(urlsplit(given).path, f"/{name}")
        self._redis_url = redis_url or os.environ.get("NOTIFY_TEST_REDIS_URL", "redis://127.0.0.1:6379/0")
        self._prefix = f"{name}-"
        self._moto, self._fakes = free_port(), free_port()

    @property
    def fake_network_url(self) -> str:
        return f"http://127.0.0.1:{self._fakes}/fake-network"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **super().environment,
            "NOTIFY_DATABASE_URL": self._database_url,
            "NOTIFY_TASK_QUEUE": "celery",
            "NOTIFY_TASK_QUEUE_BROKER_URL": self._redis_url,
            "NOTIFY_TASK_QUEUE_PREFIX": self._prefix,
            "NOTIFY_LETTER_STORE": "s3",
            **{f"NOTIFY_LETTER_STORE_{bucket.upper()}_BUCKET": f"notify-{bucket}" for bucket in BUCKETS},
            "NOTIFY_RECIPIENT_FILES": "s3",
            "NOTIFY_RECIPIENT_FILES_BUCKET": "notify-recipient-files",
            "NOTIFY_DOCUMENTS": "s3",
            "NOTIFY_DOCUMENTS_BUCKET": "notify-documents",
            "NOTIFY_CBC": "lambda",
            "NOTIFY_CBC_ACCESS_KEY_ID": "demo",
            "NOTIFY_CBC_SECRET_ACCESS_KEY": "demo",
            "AWS_ACCESS_KEY_ID": "demo",
            "AWS_SECRET_ACCESS_KEY": "demo",
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{self._moto}",
            "AWS_ENDPOINT_URL_LAMBDA": f"http://127.0.0.1:{self._fakes}",
        }

    def prepare(self) -> None:
        with psycopg.connect(self._admin_dsn, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{self._database}"'.encode())
        environment = self.environment
        self._processes.start("moto", "moto_server", "-p", str(self._moto), environment=environment)
        self._processes.start("fakes", "notify", "fakes", "--port", str(self._fakes), environment=environment)
        self._processes.wait_for("moto", lambda: answers(f"http://127.0.0.1:{self._moto}/moto-api/"))
        self._processes.wait_for("fakes", lambda: answers(f"http://127.0.0.1:{self._fakes}/"))
        s3 = boto3.client(
            "s3",
            endpoint_url=environment["AWS_ENDPOINT_URL_S3"],
            region_name="eu-west-1",
            aws_access_key_id="demo",
            aws_secret_access_key="demo",  # noqa: S106 - moto takes any
        )
        for bucket in (*(f"notify-{bucket}" for bucket in BUCKETS), "notify-recipient-files", "notify-documents"):
            s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})

    def start(self, *parts: str) -> None:
        environment = self.environment
        for part in parts or self.parts:
            self._processes.start(part, *self._command(part), environment=environment)
        self._wait_for_web()

    def _wait_for_web(self) -> None:
        self._processes.wait_for(WEB, lambda: answers(f"{self.url}/_status"))

    def _command(self, part: str) -> tuple[str, ...]:
        celery = ("celery", "-A", "notify_entrypoints.celery_app")
        worker = (*celery, "worker", "--without-gossip", "--without-mingle")
        queues = ",".join(self._prefix + queue for queue in BROADCAST_QUEUES)
        bound = ("--workers", "2", "--bind", f"127.0.0.1:{self._port}")
        return {
            WEB: ("gunicorn", *bound, "notify_entrypoints.http:create_app()"),
            DELIVERIES: (*worker, "--concurrency", "2", "-n", "deliveries@%h", "-X", queues),
            BROADCASTS: (*worker, "--concurrency", "4", "-n", "broadcasts@%h", "-Q", queues),
            BEAT: (*celery, "beat"),
        }[part]

    def stop(self) -> None:
        super().stop()
        server = redis.Redis.from_url(self._redis_url)
        for key in server.scan_iter(f"{self._prefix}*"):
            server.delete(key)
        with psycopg.connect(self._admin_dsn, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{self._database}" WITH (FORCE)'.encode())
