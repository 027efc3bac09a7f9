// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/resolved_case.h"

#include "services/cases/schema/parameters.h"
#include "services/runs/text.h"

#include <yaml-cpp/emitter.h>

namespace faultline::runs {

namespace {

void emit(YAML::Emitter &out, const yaml::Value &value)
{
    switch (value.kind) {
    case yaml::Value::Kind::Null:
        out << YAML::Null;
        break;
    case yaml::Value::Kind::Scalar:
        if (value.isQuoted)
            out << YAML::DoubleQuoted;
        out << value.scalar;
        break;
    case yaml::Value::Kind::Sequence:
        out << YAML::BeginSeq;
        for (const yaml::Value &item : value.items)
            emit(out, item);
        out << YAML::EndSeq;
        break;
    case yaml::Value::Kind::Map:
        out << YAML::BeginMap;
        for (const yaml::Entry &entry : value.entries) {
            out << YAML::Key << entry.key << YAML::Value;
            emit(out, entry.value);
        }
        out << YAML::EndMap;
        break;
    }
}

bool isNamed(const yaml::Value &document, const std::string &name)
{
    const yaml::Value *metadata = document.find("metadata");
    const yaml::Value *value = metadata == nullptr ? nullptr : metadata->find("name");
    return value != nullptr && value->scalar == name;
}

} // namespace

domain::Result<QString> resolvedCase(const cases::CaseFile &caseFile, const QByteArray &text)
{
    auto documents = yaml::readDocuments(text.toStdString());
    if (documents) {
        cases::Diagnostics told; // the case was read before: there is nothing new
        const cases::Reporter reporter(caseFile.file, told);
        for (yaml::Value &document : *documents) {
            for (yaml::Entry &entry : document.entries) {
                if (entry.key != "parameters")
                    cases::substituteParameters(entry.value, caseFile.values, reporter);
            }
            if (!isNamed(document, caseFile.metadata.name))
                continue;
            YAML::Emitter out;
            emit(out, document);
            return QString::fromUtf8(out.c_str()) + u'\n';
        }
    }
    return domain::failure(domain::ErrorKind::Local,
        Text::tr("The case's file has changed while it was read."),
        QString::fromStdString(caseFile.file));
}

} // namespace faultline::runs
