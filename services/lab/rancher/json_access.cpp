// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/json_access.h"

namespace faultline::lab {

namespace {

const Json *member(const Json &object, const char *key)
{
    if (!object.is_object())
        return nullptr;
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
}

std::string scalarText(const Json &value)
{
    if (value.is_string())
        return value.get<std::string>();
    return value.is_null() || value.is_structured() ? std::string() : value.dump();
}

} // namespace

std::string textOf(const Json &object, const char *key, const std::string &fallback)
{
    const Json *value = member(object, key);
    return value == nullptr || value->is_null() || value->is_structured() ? fallback
                                                                          : scalarText(*value);
}

std::int64_t numberOf(const Json &object, const char *key, std::int64_t fallback)
{
    const Json *value = member(object, key);
    if (value == nullptr)
        return fallback;
    if (value->is_number_integer())
        return value->get<std::int64_t>();
    if (value->is_string()) {
        const auto &text = value->get_ref<const std::string &>();
        char *end = nullptr;
        const long long number = std::strtoll(text.c_str(), &end, 10);
        if (!text.empty() && *end == '\0')
            return number;
    }
    return fallback;
}

bool truthOf(const Json &object, const char *key, bool fallback)
{
    const Json *value = member(object, key);
    if (value == nullptr)
        return fallback;
    if (value->is_boolean())
        return value->get<bool>();
    const std::string text = scalarText(*value);
    return text.empty() ? fallback : text == "true";
}

const Json &objectOf(const Json &object, const char *key)
{
    static const Json none = Json::object();
    const Json *value = member(object, key);
    return value != nullptr && value->is_object() ? *value : none;
}

const Json &arrayOf(const Json &object, const char *key)
{
    static const Json none = Json::array();
    const Json *value = member(object, key);
    return value != nullptr && value->is_array() ? *value : none;
}

std::vector<std::string> textsOf(const Json &object, const char *key)
{
    std::vector<std::string> texts;
    const Json *value = member(object, key);
    if (value != nullptr && value->is_string())
        texts.push_back(value->get<std::string>());
    for (const Json &item : arrayOf(object, key))
        texts.push_back(scalarText(item));
    return texts;
}

std::map<std::string, std::string> textMapOf(const Json &object, const char *key)
{
    std::map<std::string, std::string> texts;
    for (const auto &[name, value] : objectOf(object, key).items())
        texts[name] = scalarText(value);
    return texts;
}

std::string dumped(const Json &value)
{
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace faultline::lab
