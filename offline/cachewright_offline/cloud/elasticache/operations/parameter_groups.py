"""Cache parameter groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cachewright.catalog import parameters as catalog
from cachewright.catalog.limits import limit
from cachewright_offline.cloud.elasticache.faults import fault, invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.identifiers import identifier
from cachewright_offline.cloud.elasticache.pagination import page
from cachewright_offline.cloud.elasticache.reboots import Reboots
from cachewright_offline.cloud.elasticache.registry import operation
from cachewright_offline.cloud.elasticache.tag_rules import new_tags

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result

_CLUSTER_ON = ".cluster.on"
# As AWS words it when one is described, and when one is deleted.
_NOT_FOUND = "CacheParameterGroup {name} not found."
_NOT_DELETED = "CacheParameterGroupnot found: {name}"
# AWS's user guide calls them conditionally modifiable.
_FIXED_WHILE_IN_USE = frozenset({"activerehashing", "cluster-enabled", "databases"})


@dataclass(slots=True)
class ParameterGroup:
    """One parameter group: what differs from its family's defaults.

    Attributes:
        is_global: Whether it is a global datastore's copy of the primary's group.
    """

    name: str
    family: str
    description: str
    values: dict[str, str] = field(default_factory=dict)
    is_global: bool = False

    def value(self, name: str) -> str:
        """Return what a parameter is in this group."""
        return self.values.get(name, catalog.parameters(self.family)[name].default)

    @property
    def is_default(self) -> bool:
        """Whether it is one of AWS's own, which nobody may change."""
        return self.name.startswith("default.")

    @property
    def cluster_enabled(self) -> bool:
        """Whether caches of the group are sharded."""
        return "cluster-enabled" in catalog.parameters(self.family) and self.value("cluster-enabled") == "yes"


@dataclass(slots=True)
class ParameterGroups:
    """The parameter groups of a region, by name; AWS's own are made up when they are asked for."""

    groups: dict[str, ParameterGroup] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Count them."""
        return {"cache_parameter_groups": len(self.groups)}


def default_group(family: str, *, cluster_enabled: bool = False) -> ParameterGroup:
    """Return AWS's own group of a family."""
    name = catalog.default_group_name(family, cluster_enabled=cluster_enabled)
    if cluster_enabled:
        description = f"Customized default parameter group for {family} with cluster mode on"
        return ParameterGroup(name, family, description, {"cluster-enabled": "yes"})
    return ParameterGroup(name, family, f"Default parameter group for {family}")


def find(context: Context, name: str, *, sentence: str = "CacheParameterGroup not found: {name}") -> ParameterGroup:
    """Return a group, or raise CacheParameterGroupNotFoundFault, which AWS words differently in some operations."""
    group = context.state.part(ParameterGroups).groups.get(name.lower())
    if group is not None:
        return group
    family = name.lower().removeprefix("default.").removesuffix(_CLUSTER_ON)
    if name.lower().startswith("default.") and family in catalog.families():
        return default_group(family, cluster_enabled=name.lower().endswith(_CLUSTER_ON))
    raise fault("CacheParameterGroupNotFoundFault", sentence.format(name=name))


def needs_reboot(old: ParameterGroup, new: ParameterGroup) -> bool:
    """Tell whether nodes must be rebooted to run with another group of their family: some parameters need it."""
    return any(
        one.change_type == "requires-reboot" and old.value(one.name) != new.value(one.name)
        for one in catalog.parameters(new.family).values()
    )


@operation("CreateCacheParameterGroup")
def create(context: Context, params: Params) -> Result:
    """Create a group of a family."""
    name = identifier(params, "CacheParameterGroupName", "parameter_group_name")
    groups = context.state.part(ParameterGroups).groups
    if name in groups:
        raise fault("CacheParameterGroupAlreadyExistsFault", f"Parameter group {name} already exists")
    if len(groups) >= limit("parameter_groups_per_region"):
        raise fault("CacheParameterGroupQuotaExceededFault", "The quota of cache parameter groups is exceeded.")
    family = known_family(params["CacheParameterGroupFamily"])
    if not params["Description"]:
        raise invalid_value("The parameter Description must be provided and must not be blank.")
    tags = new_tags(params)
    groups[name] = ParameterGroup(name, family, params["Description"])
    context.state.tags[_arn(context, name)] = tags
    return {"CacheParameterGroup": _shown(context, groups[name])}


@operation("DescribeCacheParameterGroups")
def describe(context: Context, params: Params) -> Result:
    """Show one group, or all, AWS's own included."""
    name = params.get("CacheParameterGroupName")
    if name:
        return {"CacheParameterGroups": [_shown(context, find(context, name, sentence=_NOT_FOUND))]}
    everything = [*context.state.part(ParameterGroups).groups.values(), *_defaults()]
    shown, marker = page(everything, params, lambda one: one.name)
    return {"CacheParameterGroups": [_shown(context, one) for one in shown], "Marker": marker}


@operation("ModifyCacheParameterGroup")
def modify(context: Context, params: Params) -> Result:
    """Set up to 20 parameters, all or none."""
    group = _modifiable(context, params["CacheParameterGroupName"])
    values = _given_values(params["ParameterNameValues"])
    for name, value in values.items():
        found = catalog.problem(group.family, name, value)
        if found:
            raise invalid_value(f"The parameter {name} {found}")
    merged = {**group.values, **values}
    if {"reserved-memory", "reserved-memory-percent"} <= set(merged):
        raise invalid_combination("reserved-memory and reserved-memory-percent cannot both be set.")
    _apply(context, group, merged)
    return {"CacheParameterGroupName": group.name}


@operation("ResetCacheParameterGroup")
def reset(context: Context, params: Params) -> Result:
    """Take parameters back to the family's defaults."""
    group = _modifiable(context, params["CacheParameterGroupName"])
    given = params.get("ParameterNameValues") or []
    if params.get("ResetAllParameters") and given:
        raise invalid_combination("ParameterNameValues cannot be given when ResetAllParameters is true.")
    if not params.get("ResetAllParameters") and not given:
        raise invalid_combination("Give either ResetAllParameters or at least one parameter in ParameterNameValues.")
    _check_number(given)
    names = [entry.get("ParameterName", "") for entry in given] if given else list(group.values)
    for name in names:
        if name not in catalog.parameters(group.family):
            raise invalid_value(f"Parameter {name} doesn't exist")
    _apply(context, group, {name: value for name, value in group.values.items() if name not in names})
    return {"CacheParameterGroupName": group.name}


def _given_values(given: list[dict[str, str]]) -> dict[str, str]:
    if not given:
        raise invalid_combination("The ParameterNameValues parameter must hold at least one parameter.")
    _check_number(given)
    values: dict[str, str] = {}
    for entry in given:
        name, value = entry.get("ParameterName"), entry.get("ParameterValue")
        if not name or value is None:
            raise invalid_value("Each of ParameterNameValues must have a ParameterName and a ParameterValue.")
        if name in values:
            raise invalid_combination(f"The parameter {name} is given more than once.")
        values[name] = value
    return values


def _check_number(given: list[dict[str, str]]) -> None:
    most = limit("parameters_per_modification")
    if len(given) > most:
        raise invalid_combination(f"Cannot modify more than {most} parameters in a single request")


def _apply(context: Context, group: ParameterGroup, values: dict[str, str]) -> None:
    """Give a group new values; a global datastore's group has them in every region."""
    changed = {name for name in {*group.values, *values} if group.values.get(name) != values.get(name)}
    fixed = changed & _FIXED_WHILE_IN_USE
    if fixed and group.name in users_of_parameter_groups(context):
        message = (
            f"The parameter {min(fixed)} cannot be modified while the cache parameter group {group.name} is in use."
        )
        raise fault("InvalidCacheParameterGroupStateFault", message)
    for there in context.everywhere() if group.is_global else (context,):
        copy = there.state.part(ParameterGroups).groups.get(group.name)
        if copy is None:
            continue
        copy.values = dict(values)
        for name in sorted(changed):
            message = f"Updated parameter {name} to {copy.value(name)}"
            there.state.record_event("cache-parameter-group", copy.name, message)
        known = catalog.parameters(copy.family)
        if any(known[name].change_type == "requires-reboot" for name in changed):
            await_reboot(there, copy.name)


def await_reboot(context: Context, name: str) -> None:
    """Note that the nodes of every cache that uses a group hold its new values only after a reboot."""
    from cachewright_offline.cloud.elasticache.operations.cache_clusters import CacheClusters
    from cachewright_offline.cloud.elasticache.operations.replication_groups import ReplicationGroups

    reboots = context.state.part(Reboots)
    for cluster in context.state.part(CacheClusters).clusters.values():
        if cluster.parameter_group == name:
            reboots.await_nodes((cluster.id, cluster.created), cluster.nodes)
    for group in context.state.part(ReplicationGroups).groups.values():
        if group.parameter_group == name:
            for member_id in group.member_ids():
                reboots.await_nodes((member_id, group.created), {1})


@operation("DeleteCacheParameterGroup")
def delete(context: Context, params: Params) -> Result:
    """Delete a group that no cache uses; the names of AWS's own are no identifiers, so it deletes none of them."""
    name = identifier(params, "CacheParameterGroupName", "parameter_group_name")
    group = find(context, name, sentence=_NOT_DELETED)
    if group.name in users_of_parameter_groups(context):
        message = (
            f"One or more cache clusters are still members of this parameter group {group.name}, "
            "so the group cannot be deleted."
        )
        raise fault("InvalidCacheParameterGroupStateFault", message)
    remove(context, group.name)
    return {}


def remove(context: Context, name: str) -> None:
    """Forget a group."""
    context.state.part(ParameterGroups).groups.pop(name, None)
    context.state.tags.pop(_arn(context, name), None)


def copy_for_global(context: Context, original: ParameterGroup, global_id: str) -> ParameterGroup:
    """Return the copy that a global datastore keeps in a region; made when it is first asked for."""
    name = f"global-datastore-{global_id}-{original.name.removeprefix('default.')}".replace(".", "-")
    groups = context.state.part(ParameterGroups).groups
    if name not in groups:
        description = f"Global datastore copy of {original.name}"
        groups[name] = ParameterGroup(name, original.family, description, dict(original.values), is_global=True)
        context.state.tags[_arn(context, name)] = {}
    return groups[name]


def users_of_parameter_groups(context: Context) -> set[str]:
    """Return the names of the parameter groups that some cache uses."""
    from cachewright_offline.cloud.elasticache.operations.cache_clusters import CacheClusters
    from cachewright_offline.cloud.elasticache.operations.replication_groups import ReplicationGroups

    used = {name for one in context.state.part(ReplicationGroups).groups.values() for name in one.parameter_groups}
    for cluster in context.state.part(CacheClusters).clusters.values():
        used |= {cluster.parameter_group, cluster.pending.get("parameter_group", cluster.parameter_group)}
    return used


def _modifiable(context: Context, name: str) -> ParameterGroup:
    group = find(context, name)
    if group.is_default:
        raise invalid_value(f"The default cache parameter group {group.name} cannot be modified.")
    return group


def known_family(name: str) -> str:
    """Return a parameter group family, or refuse one that AWS does not have."""
    if name not in catalog.families():
        raise invalid_value(f"CacheParameterGroupFamily {name} is not a valid parameter group family.")
    return name


def _defaults() -> Iterator[ParameterGroup]:
    for family in catalog.families():
        yield default_group(family)
        if "cluster-enabled" in catalog.parameters(family):
            yield default_group(family, cluster_enabled=True)


def _arn(context: Context, name: str) -> str:
    return context.state.arn("parametergroup", name)


def _shown(context: Context, group: ParameterGroup) -> Result:
    return {
        "CacheParameterGroupName": group.name,
        "CacheParameterGroupFamily": group.family,
        "Description": group.description,
        "IsGlobal": group.is_global,
        "ARN": _arn(context, group.name),
    }
