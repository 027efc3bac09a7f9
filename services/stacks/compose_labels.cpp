// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/stacks/compose_labels.h"

#include "services/yaml/yaml_value.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

#include <yaml-cpp/emitter.h>

namespace faultline::stacks {

namespace {

using domain::ErrorKind;
using yaml::Value;

domain::Result<QString> invalid(
    const QString &sentence, const QString &file, const yaml::Place &place)
{
    const QString where = place.line == 0
        ? file
        : QStringLiteral("%1:%2:%3").arg(file).arg(place.line).arg(place.column);
    return domain::failure(ErrorKind::Invalid, sentence, where);
}

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(compose)
};

yaml::Value text(const QString &value)
{
    Value out;
    out.kind = Value::Kind::Scalar;
    out.isQuoted = true;
    out.scalar = value.toStdString();
    return out;
}

/// Compose reads "$NAME" in every value.
QString literal(QString value)
{
    return value.replace(QStringLiteral("$"), QStringLiteral("$$"));
}

/// The map form of labels, which may also be written as a list of "name=value".
tl::expected<Value, yaml::Place> labelMap(const Value *written)
{
    Value out;
    out.kind = Value::Kind::Map;
    if (!written || written->isNull())
        return out;
    if (written->isMap())
        return *written;
    if (!written->isSequence())
        return tl::unexpected(written->place);
    for (const Value &item : written->items) {
        if (!item.isScalar())
            return tl::unexpected(item.place);
        const std::size_t equals = item.scalar.find('=');
        yaml::Entry entry;
        entry.key = item.scalar.substr(0, equals);
        entry.isKeyQuoted = true;
        entry.value = text(QString());
        if (equals != std::string::npos)
            entry.value.scalar = item.scalar.substr(equals + 1);
        out.entries.push_back(std::move(entry));
    }
    return out;
}

void setLabel(Value &labels, const QString &name, const QString &value)
{
    const std::string key = name.toStdString();
    const auto found = std::find_if(labels.entries.begin(), labels.entries.end(),
        [&key](const yaml::Entry &entry) { return entry.key == key; });
    if (found == labels.entries.end()) {
        yaml::Entry entry;
        entry.key = key;
        entry.isKeyQuoted = true;
        entry.value = text(literal(value));
        labels.entries.push_back(std::move(entry));
    } else if (name.startsWith(QStringLiteral("faultline."))) {
        found->value = text(literal(value));
    }
}

Value &childNamed(Value &map, const std::string &key)
{
    for (yaml::Entry &entry : map.entries) {
        if (entry.key == key)
            return entry.value;
    }
    yaml::Entry entry;
    entry.key = key;
    map.entries.push_back(std::move(entry));
    return map.entries.back().value;
}

void write(YAML::Emitter &out, const Value &value)
{
    switch (value.kind) {
    case Value::Kind::Null:
        out << YAML::Null;
        return;
    case Value::Kind::Scalar:
        if (!value.tag.empty())
            out << YAML::LocalTag(value.tag.substr(1));
        if (value.isQuoted)
            out << YAML::DoubleQuoted;
        out << value.scalar;
        return;
    case Value::Kind::Sequence:
        out << YAML::BeginSeq;
        for (const Value &item : value.items)
            write(out, item);
        out << YAML::EndSeq;
        return;
    case Value::Kind::Map:
        out << YAML::BeginMap;
        for (const yaml::Entry &entry : value.entries) {
            out << YAML::Key;
            if (entry.isKeyQuoted)
                out << YAML::DoubleQuoted;
            out << entry.key << YAML::Value;
            write(out, entry.value);
        }
        out << YAML::EndMap;
        return;
    }
}

/// The map of services: in the first format that is the file itself.
Value &servicesOf(Value &root)
{
    const bool isFirstFormat = !root.find("services") && !root.find("version");
    return isFirstFormat ? root : childNamed(root, "services");
}

domain::Result<Value> readCompose(const QString &compose, const QString &nameForErrors)
{
    auto documents = yaml::readDocuments(compose.toStdString());
    const auto wrong = [&](const QString &sentence, const yaml::Place &place) {
        return domain::failure(invalid(sentence, nameForErrors, place).error());
    };
    if (!documents)
        return wrong(QString::fromStdString(documents.error().message), documents.error().place);
    if (documents->size() != 1 || !documents->front().isMap())
        return wrong(Texts::tr("A compose file is one mapping of services."), {});
    const Value &services = servicesOf(documents->front());
    if (!services.isMap() || services.entries.empty())
        return wrong(Texts::tr("The compose file has no services."), services.place);
    return std::move(documents->front());
}

QString written(const Value &root)
{
    YAML::Emitter out;
    write(out, root);
    return QString::fromUtf8(out.c_str(), static_cast<qsizetype>(out.size())) + QLatin1Char('\n');
}

} // namespace

domain::Result<QString> withLabels(
    const QString &compose, const QMap<QString, QString> &labels, const QString &nameForErrors)
{
    auto document = readCompose(compose, nameForErrors);
    if (!document)
        return domain::failure(document.error());
    Value &root = *document;
    Value &services = servicesOf(root);
    for (yaml::Entry &service : services.entries) {
        if (!service.value.isMap()) {
            return invalid(Texts::tr("The service \"%1\" is not a mapping.")
                               .arg(QString::fromStdString(service.key)),
                nameForErrors, service.keyPlace);
        }
        auto map = labelMap(service.value.find("labels"));
        if (!map)
            return invalid(Texts::tr("Labels are a mapping, or a list of \"name=value\"."),
                nameForErrors, map.error());
        for (auto label = labels.begin(); label != labels.end(); ++label)
            setLabel(*map, label.key(), label.value());
        childNamed(service.value, "labels") = std::move(*map);
    }
    return written(root);
}

domain::Result<QString> withImages(
    const QString &compose, const QMap<QString, QString> &images, const QString &nameForErrors)
{
    auto document = readCompose(compose, nameForErrors);
    if (!document)
        return domain::failure(document.error());
    Value &services = servicesOf(*document);
    for (auto image = images.begin(); image != images.end(); ++image) {
        const std::string name = image.key().toStdString();
        const auto service = std::find_if(services.entries.begin(), services.entries.end(),
            [&](const yaml::Entry &entry) { return entry.key == name; });
        if (service == services.entries.end() || !service->value.isMap())
            return invalid(
                Texts::tr("There is no service \"%1\" to choose an image for.").arg(image.key()),
                nameForErrors, {});
        childNamed(service->value, "image") = text(literal(image.value()));
    }
    return written(*document);
}

} // namespace faultline::stacks
