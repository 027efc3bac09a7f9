// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/across_threads.h"
#include "services/stacks/stack_backend.h"

#include <string>
#include <vector>

namespace faultline::scenes {

/// Files wanted of one container.
struct FilesOrder
{
    domain::Container container;
    QStringList paths; ///< absolute ones inside it: files or folders
    bool wantsCores = false; ///< core files that its processes left in its own layer
    QString folder; ///< where they go, below their own paths
    std::vector<std::string> secrets; ///< masked in what is text
};

/// What came of it.
struct FilesReport
{
    int files = 0;
    QStringList missing; ///< what could not be had, one sentence each
};

/// Fetches files of a container through its host's engine, so that it need not run. Only plain
/// files are taken, each below `folder` whatever its archive says; links, devices and what is
/// beyond 10,000 files or 512 MiB for each path are told as missing. Secrets in core files stay:
/// they are memory. Call it on a flow thread.
[[nodiscard]] FilesReport fetchFiles(stacks::StackBackend &backend, const FilesOrder &order,
    std::chrono::milliseconds limit, const net::CancelToken &token = {});

/// The core files in what an engine tells as changed in a container (`GET …/changes`).
[[nodiscard]] QStringList coreFilesIn(const QByteArray &changes);

} // namespace faultline::scenes
