// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/certificates.h"

#include <QHostAddress>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>

namespace faultline::tests {

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

Key newKey()
{
    return Key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
}

template <typename Write>
QByteArray pem(Write write)
{
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), &BIO_free);
    write(memory.get());
    char *data = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &data);
    return QByteArray(data, size);
}

QByteArray pemOf(X509 *certificate)
{
    return pem([certificate](BIO *out) { PEM_write_bio_X509(out, certificate); });
}

QByteArray pemOf(EVP_PKEY *key)
{
    return pem([key](BIO *out) {
        PEM_write_bio_PrivateKey_traditional(out, key, nullptr, nullptr, 0, nullptr, nullptr);
    });
}

void addExtension(X509 *certificate, X509 *issuer, int id, const QByteArray &value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.constData());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

QByteArray alternativeNames(const QStringList &names)
{
    QByteArrayList out;
    for (const QString &name : names)
        out << (QHostAddress(name).isNull() ? QByteArray("DNS:") : QByteArray("IP:"))
                + name.toLatin1();
    return out.join(',');
}

/// Unsigned; `issuer` null makes it its own issuer.
Certificate newCertificate(
    const QString &name, EVP_PKEY *key, X509 *issuer, int fromDays, int toDays)
{
    static std::atomic<long> serial = 1000;
    Certificate certificate(X509_new(), &X509_free);
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), fromDays * 86'400L);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), toDays * 86'400L);
    X509_set_pubkey(certificate.get(), key);
    const QByteArray commonName = name.toUtf8();
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
        reinterpret_cast<const unsigned char *>(commonName.constData()), -1, -1, 0);
    X509_set_issuer_name(
        certificate.get(), X509_get_subject_name(issuer ? issuer : certificate.get()));
    return certificate;
}

} // namespace

struct TestAuthority::Private
{
    Key key = newKey();
    Certificate certificate{ nullptr, &X509_free };
};

TestAuthority::TestAuthority(const QString &name)
    : d(std::make_unique<Private>())
{
    d->certificate = newCertificate(name, d->key.get(), nullptr, -2, 365);
    X509 *own = d->certificate.get();
    addExtension(own, own, NID_basic_constraints, "critical,CA:TRUE");
    addExtension(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
    addExtension(own, own, NID_subject_key_identifier, "hash");
    X509_sign(own, d->key.get(), EVP_sha256());
}

TestAuthority::~TestAuthority() = default;

QByteArray TestAuthority::certificate() const
{
    return pemOf(d->certificate.get());
}

TlsIdentity TestAuthority::issue(const CertificateWish &wish) const
{
    const Key key = newKey();
    const Certificate leaf = newCertificate(
        wish.names.value(0), key.get(), d->certificate.get(), wish.validFromDays, wish.validToDays);
    addExtension(
        leaf.get(), d->certificate.get(), NID_subject_alt_name, alternativeNames(wish.names));
    X509_sign(leaf.get(), d->key.get(), EVP_sha256());
    return { pemOf(leaf.get()), pemOf(key.get()) };
}

TlsIdentity selfSigned(const CertificateWish &wish)
{
    const Key key = newKey();
    const Certificate leaf = newCertificate(
        wish.names.value(0), key.get(), nullptr, wish.validFromDays, wish.validToDays);
    addExtension(leaf.get(), leaf.get(), NID_subject_alt_name, alternativeNames(wish.names));
    X509_sign(leaf.get(), key.get(), EVP_sha256());
    return { pemOf(leaf.get()), pemOf(key.get()) };
}

} // namespace faultline::tests
