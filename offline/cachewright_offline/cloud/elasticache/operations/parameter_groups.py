"""Cache parameter groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cachewright.catalog import parameters as catalog
from cachewright.catalog.limits import limit
from cachewright_offline.cloud.elasticache.faults import fault, invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.identifiers import identifier
from cachewright_offline.cloud.elasticache.pagination import page
from cachewright_offline.cloud.elasticache.registry import operation
from cachewright_offline.cloud.elasticache.tag_rules import new_tags

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright.catalog.parameters import Parameter
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result

_CLUSTER_ON = ".cluster.on"
_FIXED_WHILE_IN_USE = ("cluster-enabled", "databases")


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
    values = {"cluster-enabled": "yes"} if cluster_enabled else {}
    return ParameterGroup(name, family, f"Default parameter group for {family}", values)


def find(context: Context, name: str) -> ParameterGroup:
    """Return a group, or raise CacheParameterGroupNotFoundFault."""
    group = context.state.part(ParameterGroups).groups.get(name.lower())
    if group is not None:
        return group
    family = name.lower().removeprefix("default.").removesuffix(_CLUSTER_ON)
    if name.lower().startswith("default.") and family in catalog.families():
        return default_group(family, cluster_enabled=name.lower().endswith(_CLUSTER_ON))
    raise fault("CacheParameterGroupNotFoundFault", f"CacheParameterGroup {name} not found.")


@operation("CreateCacheParameterGroup")
def create(context: Context, params: Params) -> Result:
    """Create a group of a family."""
    name = identifier(params, "CacheParameterGroupName", "parameter_group_name")
    groups = context.state.part(ParameterGroups).groups
    if name in groups:
        raise fault("CacheParameterGroupAlreadyExistsFault", f"Cache parameter group {name} already exists.")
    if len(groups) >= limit("parameter_groups_per_region"):
        raise fault("CacheParameterGroupQuotaExceededFault", "The quota of cache parameter groups is exceeded.")
    family = _family(params["CacheParameterGroupFamily"])
    tags = new_tags(params)
    groups[name] = ParameterGroup(name, family, params["Description"])
    context.state.tags[_arn(context, name)] = tags
    return {"CacheParameterGroup": _shown(context, groups[name])}


@operation("DescribeCacheParameterGroups")
def describe(context: Context, params: Params) -> Result:
    """Show one group, or all, AWS's own included."""
    name = params.get("CacheParameterGroupName")
    if name:
        return {"CacheParameterGroups": [_shown(context, find(context, name))]}
    everything = [*context.state.part(ParameterGroups).groups.values(), *_defaults()]
    shown, marker = page(everything, params, lambda one: one.name)
    return {"CacheParameterGroups": [_shown(context, one) for one in shown], "Marker": marker}


@operation("DescribeCacheParameters")
def describe_parameters(context: Context, params: Params) -> Result:
    """Show a group's parameters, those of one source or all."""
    group = find(context, params["CacheParameterGroupName"])
    source = params.get("Source")
    if source not in {None, "user", "system", "engine-default"}:
        raise invalid_value(f"Invalid source: {source}. Must be user, system or engine-default.")
    known = [
        one for one in catalog.parameters(group.family).values() if source is None or _source(group, one.name) == source
    ]
    shown, marker = page(known, params, lambda one: one.name)
    return {"Parameters": [_parameter(one, group) for one in shown], "Marker": marker}


@operation("DescribeEngineDefaultParameters")
def describe_engine_defaults(context: Context, params: Params) -> Result:
    """Show a family's parameters."""
    del context
    family = _family(params["CacheParameterGroupFamily"])
    shown, marker = page(catalog.parameters(family).values(), params, lambda one: one.name)
    defaults = default_group(family)
    return {
        "EngineDefaults": {
            "CacheParameterGroupFamily": family,
            "Parameters": [_parameter(one, defaults) for one in shown],
            "Marker": marker,
        }
    }


@operation("ModifyCacheParameterGroup")
def modify(context: Context, params: Params) -> Result:
    """Set up to 20 parameters, all or none."""
    group = _modifiable(context, params["CacheParameterGroupName"])
    given = params["ParameterNameValues"]
    most = limit("parameters_per_modification")
    if not given:
        raise invalid_combination("The ParameterNameValues parameter must hold at least one parameter.")
    if len(given) > most:
        raise invalid_value(f"The maximum number of parameters that can be modified in one request is {most}.")
    values = {entry.get("ParameterName", ""): entry.get("ParameterValue", "") for entry in given}
    for name, value in values.items():
        found = catalog.problem(group.family, name, value)
        if found:
            raise invalid_value(f"The parameter {name} {found}")
        if name in _FIXED_WHILE_IN_USE and group.name in users_of_parameter_groups(context):
            message = f"The parameter {name} cannot be modified while the cache parameter group is in use."
            raise fault("InvalidCacheParameterGroupStateFault", message)
    merged = {**group.values, **values}
    if {"reserved-memory", "reserved-memory-percent"} <= set(merged):
        raise invalid_combination("reserved-memory and reserved-memory-percent cannot both be set.")
    group.values = merged
    return {"CacheParameterGroupName": group.name}


@operation("ResetCacheParameterGroup")
def reset(context: Context, params: Params) -> Result:
    """Take parameters back to the family's defaults."""
    group = _modifiable(context, params["CacheParameterGroupName"])
    names = [entry.get("ParameterName", "") for entry in params.get("ParameterNameValues") or []]
    if bool(params.get("ResetAllParameters")) == bool(names):
        raise invalid_combination("Give either ResetAllParameters or ParameterNameValues.")
    for name in names:
        if name not in catalog.parameters(group.family):
            raise invalid_value(f"Could not find parameter with name: {name}")
    for name in names or list(group.values):
        group.values.pop(name, None)
    return {"CacheParameterGroupName": group.name}


@operation("DeleteCacheParameterGroup")
def delete(context: Context, params: Params) -> Result:
    """Delete a group that no cache uses."""
    group = _modifiable(context, params["CacheParameterGroupName"])
    if group.name in users_of_parameter_groups(context):
        message = f"One or more cache clusters are still members of this parameter group {group.name}."
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

    used = {one.parameter_group for one in context.state.part(ReplicationGroups).groups.values()}
    return used | {one.parameter_group for one in context.state.part(CacheClusters).clusters.values()}


def _modifiable(context: Context, name: str) -> ParameterGroup:
    group = find(context, name)
    if group.name.startswith("default."):
        raise invalid_value(f"The default cache parameter group {group.name} cannot be modified or deleted.")
    return group


def _family(name: str) -> str:
    if name not in catalog.families():
        raise invalid_value(f"CacheParameterGroupFamily {name} is not a valid parameter group family.")
    return name


def _defaults() -> Iterator[ParameterGroup]:
    for family in catalog.families():
        yield default_group(family)
        if "cluster-enabled" in catalog.parameters(family):
            yield default_group(family, cluster_enabled=True)


def _source(group: ParameterGroup, name: str) -> str:
    if name in group.values:
        return "user"
    return "system" if catalog.parameters(group.family)[name].default.startswith("{") else "engine-default"


def _parameter(one: Parameter, group: ParameterGroup) -> Result:
    value = group.value(one.name)
    return {
        "ParameterName": one.name,
        # What depends on the node type has no value of its own in a group.
        "ParameterValue": None if value.startswith("{") else value,
        "Description": one.name.replace("-", " ").replace("_", " "),
        "Source": "system" if _source(group, one.name) != "user" else "user",
        "DataType": one.data_type,
        "AllowedValues": one.allowed_values,
        "IsModifiable": one.modifiable,
        "MinimumEngineVersion": one.minimum_engine_version or "2.8.6",
        "ChangeType": one.change_type,
    }


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
