// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "services/lab/gitlab/ci_expression.h"

using namespace faultline::lab;

class TestCiExpression : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void conditionsHoldAsInGitLab_data();
    void conditionsHoldAsInGitLab();
    void brokenConditionsSayWhere_data();
    void brokenConditionsSayWhere();
};

void TestCiExpression::conditionsHoldAsInGitLab_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("holds");
    const auto row
        = [](const char *text, bool holds) { QTest::newRow(text) << QByteArray(text) << holds; };
    row("$A", true);
    row("$EMPTY", false);
    row("$GONE", false);
    row("$A == \"a\"", true);
    row("$A != 'a'", false);
    row("${A} == $A", true);
    row("$GONE == null", true);
    row("$EMPTY == null", false);
    row("$EMPTY == \"\"", true);
    row("$BRANCH =~ /^release-/", true);
    row("$BRANCH =~ /^RELEASE-/", false);
    row("$BRANCH =~ /^RELEASE-/i", true);
    row("$BRANCH !~ /^main$/", true);
    row("$BRANCH =~ $PATTERN", true);
    row("$GONE =~ /x/", false);
    row("$GONE !~ /x/", true);
    row("$PATH =~ /a\\/b/", true);
    row("$A && $GONE", false);
    row("$A || $GONE && $GONE", true);
    row("($A || $GONE) && $GONE", false);
    row("$A == \"a\" && ($BRANCH == \"x\" || $BRANCH =~ /1$/)", true);
}

void TestCiExpression::conditionsHoldAsInGitLab()
{
    QFETCH(const QByteArray, text);
    const VariableMap variables = { { "A", "a" }, { "EMPTY", "" }, { "BRANCH", "release-1" },
        { "PATTERN", "/^release/" }, { "PATH", "a/b" } };
    const auto expression = CiExpression::parse(text.toStdString());
    QVERIFY2(expression, expression ? "" : expression.error().c_str());
    QTEST(expression->holds(variables), "holds");
}

void TestCiExpression::brokenConditionsSayWhere_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("error");
    const auto row = [](const char *text, const char *error) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(error);
    };
    row("", "expected a value at character 1");
    row("$A ==", "expected a value at character 6");
    row("$A = 'a'", "expected an operator at character 4");
    row("$A == 'a", "expected a closing quote at character 7");
    row("($A", "expected a closing parenthesis at character 4");
    row("$A =~ /(/", "expected a valid pattern at character 10");
    row("$A =~ null", "expected a pattern such as /text/ at character 11");
    row("A", "expected $VARIABLE, \"text\", /pattern/ or null at character 1");
}

void TestCiExpression::brokenConditionsSayWhere()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, error);
    const auto expression = CiExpression::parse(text.toStdString());
    QVERIFY(!expression);
    QCOMPARE(expression.error(), error.toStdString());
}

QTEST_GUILESS_MAIN(TestCiExpression)
#include "tst_ci_expression.moc"
