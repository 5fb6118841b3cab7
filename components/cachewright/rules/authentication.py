"""Rules over who may connect to a replication group, and whether what passes is encrypted."""

from collections.abc import Iterable

from cachewright.arguments import Values, choice, rule
from cachewright.catalog import auth_token, engine_versions, features
from cachewright.catalog.limits import limit
from cachewright.enums import AuthTokenUpdateStrategy, TransitEncryptionMode
from cachewright.errors import Problem


@rule(
    *("transit_encryption_enabled", "transit_encryption_mode", "auth_token", "auth_token_wo", "auth_token_enabled"),
    "user_group_ids",
    presence=True,
)
def authentication(values: Values) -> Iterable[Problem]:
    """One way to authenticate, and none without TLS."""
    tokens = [argument for argument in ("auth_token", "auth_token_wo") if values[argument] is not None]
    groups, enabled = values["user_group_ids"], values["auth_token_enabled"]
    yield from choice("transit_encryption_mode", values["transit_encryption_mode"], tuple(TransitEncryptionMode))
    if len(tokens) > 1:
        yield Problem("auth_token_wo", "must not be given with auth_token, got both; keep one of them")
    for argument in tokens:
        if groups:
            text = f"must not be given with user_group_ids, got both; AWS takes one of them: leave {argument} out"
            yield Problem(argument, text)
    if enabled and groups:
        text = "must be False with user_group_ids, got True; AWS takes one of them: leave it out"
        yield Problem("auth_token_enabled", text)
    if enabled is False:
        for argument in tokens:
            text = "must be left out when auth_token_enabled is False, got a token; remove one of them"
            yield Problem(argument, text)
    authenticated = tokens[0] if tokens else "user_group_ids" if groups else None
    encrypted = values["transit_encryption_enabled"]
    if encrypted is False and (authenticated or enabled):
        argument = authenticated or "auth_token_enabled"
        text = "must be left out without TLS, got it with transit_encryption_enabled False; set that to True"
        yield Problem(argument, text)
    if encrypted is False and values["transit_encryption_mode"] is not None:
        text = "must be left out when transit_encryption_enabled is False, got a mode; remove it"
        yield Problem("transit_encryption_mode", text)
    if values["transit_encryption_mode"] == TransitEncryptionMode.PREFERRED and (authenticated or enabled):
        text = (
            f"must be 'required' with {authenticated or 'auth_token_enabled'}, got 'preferred'; AWS refuses access"
            " control while plaintext is allowed: finish moving the clients to TLS first"
        )
        yield Problem("transit_encryption_mode", text)


@rule("engine", "engine_version", "transit_encryption_mode")
def preferred_encryption(values: Values) -> Iterable[Problem]:
    """Moving to TLS while the cache serves needs a version that can."""
    name, version = values["engine"], values["engine_version"]
    if values["transit_encryption_mode"] != TransitEncryptionMode.PREFERRED or not version:
        return
    if engine_versions.find(name, version) and not features.supports(name, version, "tls_in_place"):
        minimum = features.minimum_version(name, "tls_in_place")
        text = f"must be 'required' before {name} {minimum}, got 'preferred' with {version}; upgrade engine_version"
        yield Problem("transit_encryption_mode", text)


@rule("auth_token")
def token(values: Values) -> Iterable[Problem]:
    """A given token is one that AWS takes."""
    given = values["auth_token"]
    found = auth_token.problem(given) if given is not None else None
    if found:
        yield Problem("auth_token", found)


@rule("auth_token_wo")
def write_only_token(values: Values) -> Iterable[Problem]:
    """A token that no state keeps is one that AWS takes, too."""
    given = values["auth_token_wo"]
    found = auth_token.problem(given) if given is not None else None
    if found:
        yield Problem("auth_token_wo", found)


@rule("auth_token_wo", "auth_token_wo_version", presence=True)
def write_only_version(values: Values) -> Iterable[Problem]:
    """Pulumi cannot see a write-only token change: its version tells."""
    if values["auth_token_wo"] is not None and values["auth_token_wo_version"] is None:
        text = "must be given with auth_token_wo, got nothing; count it up whenever the token changes"
        yield Problem("auth_token_wo_version", text)
    if values["auth_token_wo"] is None and values["auth_token_wo_version"] is not None:
        text = "must be left out without auth_token_wo, got a version; remove it, or give auth_token_wo"
        yield Problem("auth_token_wo_version", text)


@rule("auth_token", "auth_token_wo", "auth_token_enabled", "auth_token_update_strategy", presence=True)
def token_strategy(values: Values) -> Iterable[Problem]:
    """The strategy fits whether there is a token."""
    strategy = values["auth_token_update_strategy"]
    yield from choice("auth_token_update_strategy", strategy, tuple(AuthTokenUpdateStrategy))
    given = values["auth_token"] is not None or values["auth_token_wo"] is not None
    if strategy == AuthTokenUpdateStrategy.DELETE:
        if given:
            yield Problem("auth_token", "must be left out with the strategy DELETE, got a token; remove it")
        elif values["auth_token_enabled"]:
            text = "must be ROTATE or SET with a generated token, got 'DELETE'; give user_group_ids to move to"
            yield Problem("auth_token_update_strategy", text)
    elif strategy in tuple(AuthTokenUpdateStrategy) and not given and not values["auth_token_enabled"]:
        text = f"must be left out without a token, got {str(strategy)!r}; remove it, or give auth_token"
        yield Problem("auth_token_update_strategy", text)


@rule("engine", "engine_version", "user_group_ids")
def user_groups(values: Values) -> Iterable[Problem]:
    """One user group at most, on a version that has them."""
    groups, name, version = values["user_group_ids"], values["engine"], values["engine_version"]
    if not groups:
        if groups == []:
            yield Problem("user_group_ids", "must hold a user group, got an empty list; leave it out")
        return
    if len(groups) > limit("user_groups_per_cache"):
        yield Problem("user_group_ids", f"must be one user group, got {len(groups)}; put the users into one group")
    if version and not features.supports(name, version, "rbac"):
        minimum = features.minimum_version(name, "rbac")
        text = f"must be left out before {name} {minimum}, got it with {version}; upgrade, or use auth_token"
        yield Problem("user_group_ids", text)


RULES = (
    authentication,
    preferred_encryption,
    token,
    write_only_token,
    write_only_version,
    token_strategy,
    user_groups,
)
