"""A copy of the repository's stack program in a folder of its own, and the real command run there."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from botocore.config import Config

ROOT = Path(__file__).resolve().parents[2]
COMMAND = str(Path(sys.executable).with_name("cachewright"))


class Workplace:
    """One project folder with its own state and its own local AWS."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copy(ROOT / "Pulumi.yaml", root)
        shutil.copytree(ROOT / "stacks", root / "stacks", ignore=shutil.ignore_patterns("__pycache__"))
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "PULUMI_"))},
            "PULUMI_CONFIG_PASSPHRASE": "end-to-end",
            "NO_COLOR": "1",
        }

    def write_program(self, text: str) -> None:
        """Put another program in the place of the repository's, with one stack, `dev`."""
        folder = self.root / "stacks"
        for path in (*folder.glob("*.py"), *folder.glob("Pulumi.*.yaml")):
            path.unlink()
        (folder / "__main__.py").write_text(text)
        project = {"name": "caching", "runtime": "python", "main": "stacks/", "stackConfigDir": "stacks/"}
        (self.root / "Pulumi.yaml").write_text(yaml.safe_dump(project))
        (folder / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": {"aws:region": "us-east-1"}}))

    def start(self, *arguments: str, **options: Any) -> "subprocess.Popen[str]":
        """Start the command and return the process."""
        options.setdefault("cwd", self.root)
        return subprocess.Popen(
            [COMMAND, *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )

    def run(self, *arguments: str, cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
        """Run the command to its end."""
        return subprocess.run(
            [COMMAND, *arguments],
            cwd=cwd or self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def ok(self, *arguments: str) -> str:
        """Run the command, which must succeed, and return what it printed."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def events(self, *arguments: str) -> list[dict[str, Any]]:
        """Run the command with --json and return its events."""
        return [json.loads(line) for line in self.ok(*arguments, "--json").splitlines()]

    def counts(self, *arguments: str) -> dict[str, int]:
        """Run the command with --json and return how many resources had each kind of step."""
        summary = self.events(*arguments)[-1]
        assert summary["event"] == "summary"
        return dict(summary["counts"])

    def changes(self, *arguments: str) -> dict[str, Any]:
        """Run the command with --json and return what differed at which resource."""
        ended = [one for one in self.events(*arguments) if one["event"] == "resource-end"]
        return {one["urn"].rpartition("::")[2]: one["diff"] for one in ended if one.get("diff")}

    def client(self, service: str, region: str = "us-east-1") -> Any:
        """Return a plain boto3 client of the local AWS."""
        status = json.loads(self.ok("local", "status", "--json"))
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=status["endpoint"],
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"max_attempts": 1}),
        )

    def edit(self, stack: str, old: str, new: str) -> None:
        """Replace text that stands once in a stack's settings."""
        path = self.root / "stacks" / f"Pulumi.{stack}.yaml"
        text = path.read_text()
        assert text.count(old) == 1
        path.write_text(text.replace(old, new))

    def names_at_the_api(self) -> dict[str, list[str]]:
        """Return what exists at the API, of everything the environments make, apart from AWS's own."""
        found: dict[str, list[str]] = {}
        for region in ("us-east-1", "us-west-2"):
            cache, ec2 = self.client("elasticache", region), self.client("ec2", region)
            groups = cache.describe_cache_parameter_groups()["CacheParameterGroups"]
            found[region] = sorted(
                [
                    f"group {one['ReplicationGroupId']}"
                    for one in cache.describe_replication_groups()["ReplicationGroups"]
                ]
                + [f"cluster {one['CacheClusterId']}" for one in cache.describe_cache_clusters()["CacheClusters"]]
                + [
                    f"subnets {one['CacheSubnetGroupName']}"
                    for one in cache.describe_cache_subnet_groups()["CacheSubnetGroups"]
                ]
                + [
                    f"parameters {one['CacheParameterGroupName']}"
                    for one in groups
                    if not one["CacheParameterGroupName"].startswith("default.")
                ]
                + [
                    f"serverless {one['ServerlessCacheName']}"
                    for one in cache.describe_serverless_caches()["ServerlessCaches"]
                ]
                + [f"user {one['UserId']}" for one in cache.describe_users()["Users"] if one["UserId"] != "default"]
                + [f"users {one['UserGroupId']}" for one in cache.describe_user_groups()["UserGroups"]]
                + [
                    f"global {one['GlobalReplicationGroupId']}"
                    for one in cache.describe_global_replication_groups()["GlobalReplicationGroups"]
                ]
                + [f"vpc {one['VpcId']}" for one in ec2.describe_vpcs()["Vpcs"] if not one["IsDefault"]]
                + [
                    f"security group {one['GroupName']}"
                    for one in ec2.describe_security_groups()["SecurityGroups"]
                    if one["GroupName"] != "default"
                ]
            )
        return found


@pytest.fixture
def workplace(tmp_path: Path) -> Iterator[Workplace]:
    """Return a fresh workplace; its local AWS is stopped at the end."""
    place = Workplace(tmp_path)
    yield place
    place.run("local", "stop")
