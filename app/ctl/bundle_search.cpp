// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/bundle_search.h"

#include <QDir>
#include <QFileInfo>

namespace faultline::ctl {

namespace {

constexpr int deepest = 4;

void search(const QString &folder, int depth, QStringList &out)
{
    for (const char *file : { "events.jsonl", "commit-status.json" }) {
        if (QFileInfo::exists(folder + u'/' + QLatin1StringView(file))) {
            out += folder;
            return; // a bundle holds no bundles
        }
    }
    if (depth == deepest)
        return;
    const QDir here(folder);
    for (const QString &name :
        here.entryList(QDir::Dirs | QDir::NoDotAndDotDot | QDir::NoSymLinks, QDir::Name))
        search(here.filePath(name), depth + 1, out);
}

} // namespace

QStringList findBundles(const std::vector<std::string> &places)
{
    QStringList out;
    if (places.empty())
        search(QStringLiteral("out"), 0, out);
    for (const std::string &place : places)
        search(QString::fromStdString(place), 0, out);
    out.removeDuplicates();
    return out;
}

} // namespace faultline::ctl
