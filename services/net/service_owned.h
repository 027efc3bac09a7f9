// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <functional>
#include <memory>

namespace faultline::net {

/// An object that is made, lives and dies on the service thread, owned from a worker thread. The
/// service thread's event loop must run while this is constructed and destroyed.
template <typename T>
class ServiceOwned
{
public:
    /// `make` runs on the thread of `service`, at once.
    ServiceOwned(QObject *service, std::function<std::unique_ptr<T>()> make)
        : m_service(service)
    {
        QMetaObject::invokeMethod(
            m_service, [this, &make] { m_object = make(); }, Qt::BlockingQueuedConnection);
    }
    ~ServiceOwned()
    {
        QMetaObject::invokeMethod(
            m_service, [this] { m_object.reset(); }, Qt::BlockingQueuedConnection);
    }
    ServiceOwned(const ServiceOwned &) = delete;
    ServiceOwned &operator=(const ServiceOwned &) = delete;

private:
    QObject *m_service;
    std::unique_ptr<T> m_object; // touched on the service thread only
};

} // namespace faultline::net
