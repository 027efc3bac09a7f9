# SPDX-License-Identifier: GPL-3.0-or-later
# Most of a build is spent reading the same headers again, so they are read once. Each target takes the set that fits it
# from one of a few owners, because making a set costs more than it saves in a small library.
# A file must still include what it uses: with the option off nothing comes from here.
option(FAULTLINE_PRECOMPILE "Read the most used headers once" OFF)

set(FAULTLINE_HEADERS_STD <algorithm> <array> <charconv> <chrono> <cstdint> <deque> <filesystem> <functional> <map>
    <memory> <optional> <set> <span> <string> <string_view> <unordered_map> <utility> <variant> <vector>)
set(FAULTLINE_HEADERS_LAB ${FAULTLINE_HEADERS_STD} <nlohmann/json.hpp> <tl/expected.hpp>)
set(FAULTLINE_HEADERS_QT ${FAULTLINE_HEADERS_STD} <QByteArray> <QCoreApplication> <QDateTime> <QDir> <QFile> <QHash>
    <QJsonArray> <QJsonDocument> <QJsonObject> <QList> <QMap> <QObject> <QPointer> <QSet> <QString> <QStringList>
    <QTimer> <QUrl> <QVariant>)
set(FAULTLINE_HEADERS_GUI ${FAULTLINE_HEADERS_QT} <QAbstractItemModel> <QApplication> <QBoxLayout> <QLabel> <QPainter>
    <QPushButton> <QToolButton> <QWidget>)
set(FAULTLINE_HEADERS_TEST ${FAULTLINE_HEADERS_QT} <QElapsedTimer> <QProcess> <QTemporaryDir>)

# The owner of one set: an otherwise empty library. A set is usable only by targets that are compiled for the same place
# (library or program) and that have at least the owner's definitions, so an owner links no more than its headers need.
function(faultline_precompiled_owner name)
    cmake_parse_arguments(arg "PROGRAM;QT" "" "HEADERS;LINK" ${ARGN})
    set(source "${CMAKE_BINARY_DIR}/precompiled/${name}.cpp")
    if(NOT EXISTS "${source}")
        file(WRITE "${source}" "")
    endif()
    add_library(${name} OBJECT EXCLUDE_FROM_ALL "${source}")
    target_link_libraries(${name} PRIVATE faultline_warnings faultline_sanitize Threads::Threads ${arg_LINK})
    target_precompile_headers(${name} PRIVATE ${arg_HEADERS})
    if(arg_QT)
        target_compile_definitions(${name} PRIVATE QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_FOREACH)
    endif()
    if(arg_PROGRAM)
        set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
        target_compile_options(${name} PRIVATE -fPIE)
    endif()
endfunction()

if(FAULTLINE_PRECOMPILE)
    # A target that differs from its owner does not build: it would be built without the set, and slowly.
    set(CMAKE_PCH_WARN_INVALID ON)
    faultline_precompiled_owner(faultline_precompiled_std HEADERS ${FAULTLINE_HEADERS_STD})
    faultline_precompiled_owner(faultline_precompiled_lab HEADERS ${FAULTLINE_HEADERS_LAB})
    faultline_precompiled_owner(faultline_precompiled_qt QT HEADERS ${FAULTLINE_HEADERS_QT} LINK Qt6::Core)
    faultline_precompiled_owner(faultline_precompiled_gui QT HEADERS ${FAULTLINE_HEADERS_GUI} LINK Qt6::Widgets)
    # Without QtTest, whose definitions differ from folder to folder.
    faultline_precompiled_owner(faultline_precompiled_test PROGRAM QT HEADERS ${FAULTLINE_HEADERS_TEST} LINK Qt6::Core)
    # For tests of libraries without Qt: QtTest still has them compiled with -fPIC, as a library is.
    faultline_precompiled_owner(faultline_precompiled_plain_test HEADERS ${FAULTLINE_HEADERS_LAB})
endif()

# faultline_use_precompiled(TARGET SET): SET is std, lab, qt, gui, test or plain_test.
function(faultline_use_precompiled target set)
    if(FAULTLINE_PRECOMPILE)
        target_precompile_headers(${target} REUSE_FROM faultline_precompiled_${set})
    endif()
endfunction()

# faultline_precompile(TARGET HEADER…): a set of the target's own.
function(faultline_precompile target)
    if(FAULTLINE_PRECOMPILE)
        target_precompile_headers(${target} PRIVATE ${ARGN})
    endif()
endfunction()

# faultline_use_precompiled_by(TARGET LIBRARY…): the set for a test of these libraries, which tell it how Qt is used.
function(faultline_use_precompiled_by target)
    set(set plain_test)
    foreach(library IN LISTS ARGN)
        if(TARGET ${library})
            get_target_property(definitions ${library} INTERFACE_COMPILE_DEFINITIONS)
            if("QT_NO_CAST_FROM_ASCII" IN_LIST definitions)
                set(set test)
            endif()
        endif()
    endforeach()
    faultline_use_precompiled(${target} ${set})
endfunction()
