// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace faultline::stacks {

/// Takes apart the stream that Docker writes for a command without a terminal: frames of 8 bytes of
/// header (stream, 0, 0, 0, length in big endian) and their bytes. Both streams are joined, as a
/// terminal would show them. No I/O.
class DockerFrames
{
public:
    /// The payload that `bytes` completes or continues; frames may be cut anywhere. Bytes that are
    /// no frame are handed on as they are, from there to the end.
    [[nodiscard]] QByteArray add(const QByteArray &bytes);

private:
    QByteArray m_header;
    quint32 m_left = 0; // of the frame's bytes
    bool m_isRaw = false;
};

} // namespace faultline::stacks
