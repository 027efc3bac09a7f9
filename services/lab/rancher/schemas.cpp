// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/schemas.h"

#include <array>

namespace faultline::lab {

namespace {

struct Field
{
    const char *name;
    const char *type;
    bool create;
    bool update;
};

constexpr std::array<Field, 14> commonFields{ { { "id", "string", false, false },
    { "type", "string", false, false }, { "name", "string", true, true },
    { "description", "string", true, true }, { "kind", "string", false, false },
    { "state", "enum", false, false }, { "uuid", "string", false, false },
    { "created", "date", false, false }, { "removed", "date", false, false },
    { "transitioning", "enum", false, false }, { "transitioningMessage", "string", false, false },
    { "transitioningProgress", "int", false, false },
    { "accountId", "reference[account]", false, false }, { "data", "map[json]", false, false } } };

std::vector<Field> ownFields(const std::string &type)
{
    if (type == "stack")
        return { { "dockerCompose", "string", true, false },
            { "rancherCompose", "string", true, false },
            { "environment", "map[json]", true, false },
            { "startOnCreate", "boolean", true, false }, { "externalId", "string", true, true },
            { "group", "string", true, true }, { "healthState", "enum", false, false },
            { "serviceIds", "array[reference[service]]", false, false },
            { "system", "boolean", true, false } };
    if (type == "service")
        return { { "stackId", "reference[stack]", true, false }, { "scale", "int", true, true },
            { "launchConfig", "launchConfig", true, false },
            { "metadata", "map[json]", true, true }, { "startOnCreate", "boolean", true, false },
            { "healthState", "enum", false, false },
            { "instanceIds", "array[reference[instance]]", false, false },
            { "currentScale", "int", false, false },
            { "publicEndpoints", "array[publicEndpoint]", false, false } };
    if (type == "container" || type == "instance")
        return { { "imageUuid", "string", true, false },
            { "command", "array[string]", true, false },
            { "environment", "map[string]", true, false }, { "labels", "map[string]", true, false },
            { "ports", "array[string]", true, false },
            { "dataVolumes", "array[string]", true, false }, { "networkMode", "enum", true, false },
            { "capAdd", "array[enum]", true, false }, { "startOnCreate", "boolean", true, false },
            { "requestedHostId", "reference[host]", true, false },
            { "hostId", "reference[host]", false, false },
            { "stackId", "reference[stack]", true, false },
            { "serviceIds", "array[reference[service]]", false, false },
            { "externalId", "string", false, false },
            { "primaryIpAddress", "string", false, false }, { "startCount", "int", false, false } };
    if (type == "host")
        return { { "hostname", "string", false, false }, { "agentState", "string", false, false },
            { "labels", "map[string]", false, false }, { "info", "json", false, false } };
    return {};
}

Json fieldsJson(const std::string &type)
{
    Json fields = Json::object();
    const auto add = [&fields](const Field &field) {
        fields[field.name] = { { "type", field.type }, { "create", field.create },
            { "update", field.update }, { "required", false }, { "nullable", true } };
    };
    for (const Field &field : commonFields)
        add(field);
    for (const Field &field : ownFields(type))
        add(field);
    return fields;
}

Json schemaJson(const ApiScope &scope, const ApiType &type)
{
    Json collectionMethods = Json::array();
    Json resourceMethods = Json::array();
    if (type.list)
        collectionMethods.push_back("GET");
    if (type.create)
        collectionMethods.push_back("POST");
    if (type.byId)
        resourceMethods.push_back("GET");
    if (type.update)
        resourceMethods.push_back("PUT");
    if (type.remove)
        resourceMethods.push_back("DELETE");
    Json actions = Json::object();
    for (const auto &[name, action] : type.actions)
        actions[name] = { { "input", nullptr }, { "output", type.singular } };
    Json filters = Json::object();
    for (const std::string &filter : type.filters)
        filters[filter]
            = { { "modifiers", { "eq", "ne", "null", "notnull", "prefix", "like", "notlike" } } };
    Json includes = Json::array();
    for (const auto &[name, link] : type.links)
        includes.push_back(name);
    return { { "id", type.singular }, { "type", "schema" }, { "pluralName", type.plural },
        { "resourceMethods", std::move(resourceMethods) },
        { "collectionMethods", std::move(collectionMethods) },
        { "resourceFields", fieldsJson(type.singular) }, { "resourceActions", std::move(actions) },
        { "collectionActions", Json::object() }, { "collectionFields", Json::object() },
        { "collectionFilters", std::move(filters) }, { "includeableLinks", std::move(includes) },
        { "actions", Json::object() },
        { "links",
            { { "self", scope.base + "/schemas/" + type.singular },
                { "collection", scope.base + "/" + type.plural } } } };
}

} // namespace

std::vector<Json> schemaList(const ApiScope &scope, const std::vector<ApiType> &types)
{
    std::vector<Json> list;
    for (const ApiType &type : types)
        list.push_back(schemaJson(scope, type));
    if (scope.inProject) {
        ApiType subscribe;
        subscribe.singular = "subscribe";
        subscribe.plural = "subscribe";
        Json schema = schemaJson(scope, subscribe);
        schema["collectionMethods"] = { "GET", "POST" };
        list.push_back(std::move(schema));
    }
    return list;
}

} // namespace faultline::lab
