// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/faults/fault_spec.h"

#include "services/cases/schema/known_kinds.h"
#include "services/faults/helper_needs.h"
#include "services/faults/text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRandomGenerator>

#include <cmath>

namespace faultline::faults {

namespace {

using Type = cases::FaultArgument::Type;

/// Whom a fault is between is the controller's to resolve.
bool isForController(std::string_view name)
{
    return name == "from" || name == "shape";
}

QJsonArray listOf(const std::string &text)
{
    QJsonArray out;
    const QStringList words = QString::fromStdString(text).split(u',', Qt::SkipEmptyParts);
    for (const QString &word : words) {
        bool isNumber = false;
        const int number = word.trimmed().toInt(&isNumber);
        out += isNumber ? QJsonValue(number) : QJsonValue(word.trimmed());
    }
    return out;
}

QJsonValue valueOf(const cases::FaultArgument &argument, const std::string &text)
{
    if (argument.type == Type::Words)
        return listOf(text);
    if (argument.type == Type::Flag)
        return text == "true";
    if (const auto number = cases::argumentNumber(argument, text))
        return *number == std::floor(*number) && std::abs(*number) < 1e15
            ? QJsonValue(static_cast<qint64>(*number))
            : QJsonValue(*number);
    return QString::fromStdString(text);
}

double seconds(std::chrono::milliseconds time)
{
    return static_cast<double>(time.count()) / 1'000;
}

QString words(const cases::FaultKind &kind)
{
    QStringList out;
    for (const cases::FaultArgument &argument : kind.arguments)
        out += QString::fromUtf8(argument.name.data(), qsizetype(argument.name.size()));
    return out.join(QStringLiteral(", "));
}

} // namespace

FaultTarget targetOf(const domain::Container &container)
{
    return { container.id, container.externalId, container.name, container.hostId,
        container.serviceId, container.startCount, {} };
}

QString newFaultId()
{
    return QStringLiteral("f-%1").arg(
        QRandomGenerator::system()->generate64(), 16, 16, QLatin1Char('0'));
}

domain::Result<void> checkArguments(
    const QString &kindName, const std::map<std::string, std::string> &arguments)
{
    const auto invalid
        = [&](const QString &why) { return domain::failure(domain::ErrorKind::Invalid, why); };
    const cases::FaultKind *kind = cases::findFaultKind(kindName.toStdString());
    if (kind == nullptr)
        return invalid(Text::tr("There is no kind of fault \"%1\"; \"faultlinectl chaos kinds\" "
                                "lists them.")
                           .arg(kindName));
    for (const auto &[name, value] : arguments) {
        const cases::FaultArgument *argument = kind->argument(name);
        if (argument == nullptr)
            return invalid(kind->arguments.empty()
                    ? Text::tr("%1 takes no arguments.").arg(kindName)
                    : Text::tr("%1 has no argument \"%2\"; it has %3.")
                          .arg(kindName, QString::fromStdString(name), words(*kind)));
        if (const std::string wanted = cases::complaintOf(*argument, value); !wanted.empty())
            return invalid(Text::tr("%1 of %2 is \"%3\"; it must be %4.")
                               .arg(QString::fromStdString(name), kindName,
                                   QString::fromStdString(value), QString::fromStdString(wanted)));
    }
    for (const cases::FaultArgument &argument : kind->arguments) {
        const std::string name(argument.name);
        if (argument.isRequired && !arguments.contains(name))
            return invalid(Text::tr("%1 needs %2: %3.")
                               .arg(kindName, QString::fromStdString(name),
                                   QString::fromStdString(cases::complaintOf(argument, {}))));
    }
    return {};
}

QByteArray agentJson(const FaultSpec &spec)
{
    QJsonObject arguments;
    const cases::FaultKind *kind = cases::findFaultKind(spec.kind.toStdString());
    for (const auto &[name, value] : spec.arguments) {
        const cases::FaultArgument *argument = kind == nullptr ? nullptr : kind->argument(name);
        if (argument != nullptr && !isForController(name))
            arguments.insert(QString::fromStdString(name), valueOf(*argument, value));
    }
    QJsonObject target{ { QStringLiteral("container"), spec.target.dockerId },
        { QStringLiteral("name"), spec.target.name } };
    if (needsOf(spec.kind).hostProcesses)
        target.insert(QStringLiteral("pids"), QStringLiteral("host"));
    return QJsonDocument(
        QJsonObject{ { QStringLiteral("id"), spec.id }, { QStringLiteral("kind"), spec.kind },
            { QStringLiteral("arguments"), arguments },
            { QStringLiteral("lease"), seconds(spec.lease) },
            { QStringLiteral("duration"), seconds(spec.duration) },
            { QStringLiteral("target"), target },
            { QStringLiteral("peers"), QJsonArray::fromStringList(spec.peers) } })
        .toJson(QJsonDocument::Compact);
}

} // namespace faultline::faults
