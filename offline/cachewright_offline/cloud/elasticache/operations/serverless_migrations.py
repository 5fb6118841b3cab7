"""Migration of data to a serverless cache: prepared, syncing, stopped, and over when it is completed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cachewright_offline.cloud.elasticache.faults import fault, invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.operations import serverless_caches
from cachewright_offline.cloud.elasticache.operations.serverless_records import ServerlessCaches

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.operations.serverless_records import ServerlessCache
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result

_PREPARED: Final = "prepared"
_SYNCING: Final = "syncing"
_STOPPED: Final = "stopped"
_TLS_MODES: Final = ("none", "verify-ca")


@dataclass(slots=True)
class Migration:
    """One migration to a serverless cache.

    Attributes:
        source: The endpoint that the data come from.
        status: `prepared`, `syncing` or `stopped`.
        auto_cutover: Whether it completes by itself when the data are in sync.
    """

    source: dict[str, Any]
    status: str = _PREPARED
    auto_cutover: bool = False

    def shown(self, endpoint: Result) -> Result:
        """Return the migration as descriptions of its cache show it."""
        mode = "auto" if self.auto_cutover else "manual"
        return {"Status": self.status, "MigrationEndpoint": endpoint, "CutoverMode": mode}


def prepare(context: Context, params: Params, source: dict[str, Any]) -> Result:
    """Say where the data are to come from."""
    cache = _cache(context, params)
    if cache.migration is not None:
        message = f"A migration is already in progress for serverless cache {cache.name}."
        raise fault("ServerlessCacheAlreadyUnderMigrationFault", message)
    serverless_caches.check_available(cache)
    if cache.engine == "memcached":
        raise invalid_value("Data cannot be migrated to a serverless cache of memcached.")
    _check_tls(params.get("SourceTlsConfiguration") or {})
    _check_secret(context, (params.get("SourceAuthenticationConfiguration") or {}).get("SecretManagerConfig") or {})
    cache.migration = Migration(source)
    return serverless_caches.shown(context, cache)


def _check_tls(configuration: dict[str, Any]) -> None:
    mode, certificate = configuration.get("SourceTlsMode", "none"), configuration.get("SourceTlsCertificate")
    if mode not in _TLS_MODES:
        raise invalid_value(f"Invalid SourceTlsMode: {mode}. Must be one of: {', '.join(_TLS_MODES)}.")
    if certificate and mode == "none":
        raise invalid_value("SourceTlsCertificate needs the SourceTlsMode verify-ca.")


def _check_secret(context: Context, configuration: dict[str, Any]) -> None:
    arn = configuration.get("SecretArn")
    prefix = f"arn:{context.partition}:secretsmanager:{context.region}:"
    if arn is not None and not arn.startswith(prefix):
        raise invalid_value(f"Invalid SecretArn: {arn}. Must be the ARN of a secret in {context.region}.")


def start(context: Context, params: Params) -> Result:
    """Let the data sync begin, or begin again."""
    cache, migration = _under_migration(context, params)
    if params.get("CustomerNodeEndpointList"):
        raise invalid_combination("CustomerNodeEndpointList is given to PrepareMigration for a serverless cache.")
    if migration.status == _SYNCING:
        raise _wrong_state(cache, migration)
    if migration.status == _STOPPED and not params.get("ClearTargetCacheData"):
        raise invalid_combination("ClearTargetCacheData must be true to restart the data sync after StopMigration.")
    migration.status, migration.auto_cutover = _SYNCING, bool(params.get("AutoCutover"))
    if migration.auto_cutover:
        context.state.after("migration", lambda: _cut_over(cache, migration))
    return serverless_caches.shown(context, cache)


def _cut_over(cache: ServerlessCache, migration: Migration) -> None:
    if cache.migration is migration and migration.status == _SYNCING:
        cache.migration = None


def stop(context: Context, params: Params) -> Result:
    """Stop the data sync; the migration stays open."""
    cache, migration = _under_migration(context, params)
    if migration.status != _SYNCING:
        raise _wrong_state(cache, migration)
    migration.status = _STOPPED
    return serverless_caches.shown(context, cache)


def complete(context: Context, params: Params) -> Result:
    """End the migration: when it is in sync, or by force."""
    cache, migration = _under_migration(context, params)
    if migration.status != _SYNCING and not params.get("Force"):
        message = f"The migration to serverless cache {cache.name} is {migration.status}: its data are not in sync."
        raise fault("MigrationHealthFault", message)
    cache.migration = None
    return serverless_caches.shown(context, cache)


def _cache(context: Context, params: Params) -> ServerlessCache:
    return context.state.part(ServerlessCaches).find(params["ServerlessCacheName"])


def _under_migration(context: Context, params: Params) -> tuple[ServerlessCache, Migration]:
    cache = _cache(context, params)
    if cache.migration is None:
        message = f"Serverless cache {cache.name} is not under migration."
        raise fault("ServerlessCacheNotUnderMigrationFault", message)
    return cache, cache.migration


def _wrong_state(cache: ServerlessCache, migration: Migration) -> Exception:
    message = f"The migration to serverless cache {cache.name} is {migration.status}."
    return fault("InvalidServerlessCacheStateFault", message)
