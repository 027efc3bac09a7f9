<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>HealthText</name>
    <message>
        <source>Connecting; nothing was received yet.</source>
        <translation>正在连接，尚未收到任何数据。</translation>
    </message>
    <message>
        <source>Live: the server pushes every change.</source>
        <translation>实时：服务器会推送每一次变化。</translation>
    </message>
    <message>
        <source>Polling: read every %1 s.</source>
        <translation>轮询：每 %1 秒读取一次。</translation>
    </message>
    <message>
        <source>Stale: the connection is lost and is being retried. What you see is the last known state.</source>
        <translation>已过期：连接断开，正在重试。当前显示的是最后已知的状态。</translation>
    </message>
    <message>
        <source>Refused: nothing is sent until you retry. What you see is the last known state.</source>
        <translation>被拒绝：在您重试之前不会再发送请求。当前显示的是最后已知的状态。</translation>
    </message>
    <message>
        <source>when you press Retry now</source>
        <translation>按下“立即重试”之后</translation>
    </message>
    <message>
        <source>under way</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>in %1 s</source>
        <translation>%1 秒后</translation>
    </message>
    <message>
        <source>connecting</source>
        <translation>正在连接</translation>
    </message>
    <message>
        <source>live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>polling %1 s</source>
        <translation>轮询 %1 秒</translation>
    </message>
    <message>
        <source>stale since %1</source>
        <translation>自 %1 起过期</translation>
    </message>
    <message>
        <source>not reached yet</source>
        <translation>尚未连通</translation>
    </message>
    <message>
        <source>refused: %1</source>
        <translation>被拒绝：%1</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>被拒绝</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>自</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>应答</translation>
    </message>
    <message>
        <source>HTTP %1</source>
        <translation>HTTP %1</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Server says</source>
        <translation>服务器原话</translation>
    </message>
    <message>
        <source>Next attempt</source>
        <translation>下次尝试</translation>
    </message>
</context>
<context>
    <name>RunPainter</name>
    <message>
        <source>pipeline #%1</source>
        <translation>流水线 #%1</translation>
    </message>
    <message>
        <source>1 case</source>
        <translation>1 个用例</translation>
    </message>
    <message>
        <source>%1 cases</source>
        <translation>%1 个用例</translation>
    </message>
    <message>
        <source>%1 running</source>
        <translation>%1 运行中</translation>
    </message>
    <message>
        <source>%1 queued</source>
        <translation>%1 排队</translation>
    </message>
    <message>
        <source>%1 failed</source>
        <translation>%1 失败</translation>
    </message>
    <message>
        <source>%1 infra</source>
        <translation>%1 环境故障</translation>
    </message>
    <message>
        <source>all passed</source>
        <translation>全部通过</translation>
    </message>
    <message>
        <source>%1 passed</source>
        <translation>%1 通过</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>正在启动</translation>
    </message>
    <message>
        <source>waits %1</source>
        <translation>等待 %1</translation>
    </message>
    <message>
        <source>waits</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>failed at %1</source>
        <translation>在 %1 失败</translation>
    </message>
    <message>
        <source>never started</source>
        <translation>从未开始</translation>
    </message>
    <message>
        <source>stopped at %1</source>
        <translation>在 %1 停止</translation>
    </message>
</context>
<context>
    <name>RunTimes</name>
    <message>
        <source>%1:%2 h</source>
        <translation>%1:%2 时</translation>
    </message>
    <message>
        <source>%1 s ago</source>
        <translation>%1 秒前</translation>
    </message>
    <message>
        <source>%1 min ago</source>
        <translation>%1 分钟前</translation>
    </message>
    <message>
        <source>%1 h ago</source>
        <translation>%1 小时前</translation>
    </message>
</context>
<context>
    <name>Text</name>
    <message>
        <source>This orchestrator can&apos;t run a command inside a container.</source>
        <translation>此编排器无法在容器内运行命令。</translation>
    </message>
    <message>
        <source>The command&apos;s end was not told: its container may have ended.</source>
        <translation>未得知命令的结束：其容器可能已结束。</translation>
    </message>
    <message>
        <source>The archive can&apos;t be written: %1.</source>
        <translation>无法写入归档：%1。</translation>
    </message>
</context>
<context>
    <name>caserun</name>
    <message>
        <source>The bundle can&apos;t be written: %1.</source>
        <translation>无法写入运行包：%1。</translation>
    </message>
    <message>
        <source>the stack is gone</source>
        <translation>集群已删除</translation>
    </message>
    <message>
        <source>The stack %1 could not be removed (%2). Remove it with: faultlinectl rm %1</source>
        <translation>无法删除集群 %1（%2）。请用此命令删除：faultlinectl rm %1</translation>
    </message>
    <message>
        <source>undo by hand: %1</source>
        <translation>请手动撤销：%1</translation>
    </message>
    <message>
        <source>run %1 of %2, seed %3</source>
        <translation>运行 %1，用例 %2，种子 %3</translation>
    </message>
    <message>
        <source>verdict: %1</source>
        <translation>结论：%1</translation>
    </message>
    <message>
        <source>collecting evidence</source>
        <translation>正在收集证据</translation>
    </message>
    <message>
        <source>the log of %1 could not be read to its end</source>
        <translation>%1 的日志未能读完</translation>
    </message>
    <message>
        <source>fault %1 (%2) of %3: %4</source>
        <translation>故障 %1（%2），目标 %3：%4</translation>
    </message>
    <message>
        <source>The fault %1 was not injected: %2.</source>
        <translation>故障 %1 未注入：%2。</translation>
    </message>
    <message>
        <source>The fault %1 did not bite: nothing changed in %2.</source>
        <translation>故障 %1 没有生效：%2 没有任何变化。</translation>
    </message>
    <message>
        <source>The fault %1 did not last: %2 was started again by something else.</source>
        <translation>故障 %1 没有持续：%2 被其他程序重新启动了。</translation>
    </message>
    <message>
        <source>there is no service &quot;%1&quot;</source>
        <translation>没有服务“%1”</translation>
    </message>
    <message>
        <source>the service has %1 containers already</source>
        <translation>该服务已有 %1 个容器</translation>
    </message>
    <message>
        <source>no target runs</source>
        <translation>没有正在运行的目标</translation>
    </message>
    <message>
        <source>the ledger can&apos;t be written</source>
        <translation>无法写入故障台账</translation>
    </message>
    <message>
        <source>The service is gone.</source>
        <translation>该服务已不存在。</translation>
    </message>
    <message>
        <source>%1 from %2 to %3</source>
        <translation>%1 从 %2 到 %3</translation>
    </message>
    <message>
        <source>%1 s left</source>
        <translation>还剩 %1 秒</translation>
    </message>
    <message>
        <source>phase %1 (%2)</source>
        <translation>阶段 %1（%2）</translation>
    </message>
    <message>
        <source>%1 ended (%2), as the fault wanted</source>
        <translation>%1 已结束（%2），由故障引起</translation>
    </message>
    <message>
        <source>%1 ended (%2), and no fault explains it</source>
        <translation>%1 已结束（%2），没有故障可以解释</translation>
    </message>
    <message>
        <source>The container %1 died (%2), and no fault explains it.</source>
        <translation>容器 %1 意外终止（%2），没有故障可以解释。</translation>
    </message>
    <message>
        <source>undoing faults</source>
        <translation>正在撤销故障</translation>
    </message>
    <message>
        <source>signal %1</source>
        <translation>信号 %1</translation>
    </message>
    <message>
        <source>exit code %1</source>
        <translation>退出码 %1</translation>
    </message>
    <message>
        <source>Can&apos;t write the command&apos;s output: %1.</source>
        <translation>无法写入命令的输出：%1。</translation>
    </message>
    <message>
        <source>Can&apos;t start the command: %1.</source>
        <translation>无法启动命令：%1。</translation>
    </message>
    <message>
        <source>The case&apos;s file has changed while it was read.</source>
        <translation>读取期间用例文件发生了变化。</translation>
    </message>
    <message>
        <source>Can&apos;t read the file: %1.</source>
        <translation>无法读取文件：%1。</translation>
    </message>
    <message>
        <source>The file is larger than 4 MiB.</source>
        <translation>文件大于 4 MiB。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; leads out of the case&apos;s repository.</source>
        <translation>“%1”指向用例仓库之外。</translation>
    </message>
    <message>
        <source>The case asks for what can&apos;t be done:</source>
        <translation>用例要求了无法做到的事：</translation>
    </message>
    <message>
        <source>The folder holds the bundle of another run. Name an empty one.</source>
        <translation>该文件夹已有另一次运行的运行包。请指定空文件夹。</translation>
    </message>
    <message>
        <source>The bundle&apos;s folder can&apos;t be made.</source>
        <translation>无法创建运行包的文件夹。</translation>
    </message>
    <message>
        <source>infrastructure: %1</source>
        <translation>基础设施：%1</translation>
    </message>
    <message>
        <source>aborted: cleaning up</source>
        <translation>已中止：正在清理</translation>
    </message>
    <message>
        <source>%1 did not happen within the case&apos;s timeout.</source>
        <translation>在用例的时限内没有等到：%1。</translation>
    </message>
    <message>
        <source>Run %1 of the case %2</source>
        <translation>用例 %2 的运行 %1</translation>
    </message>
    <message>
        <source>starting the stack %1</source>
        <translation>正在启动集群 %1</translation>
    </message>
    <message>
        <source>The stack could not be created: %1</source>
        <translation>无法创建集群：%1</translation>
    </message>
    <message>
        <source>The stack has failed: %1</source>
        <translation>集群出错：%1</translation>
    </message>
    <message>
        <source>The service &quot;%1&quot; has failed: %2</source>
        <translation>服务“%1”出错：%2</translation>
    </message>
    <message>
        <source>The role &quot;%1&quot; names the service &quot;%2&quot;, which the compose file does not have.</source>
        <translation>角色“%1”指定的服务“%2”在 compose 文件中不存在。</translation>
    </message>
    <message>
        <source>The scale of &quot;%1&quot;</source>
        <translation>“%1”的容器数量</translation>
    </message>
    <message>
        <source>The answer to the ready probes</source>
        <translation>就绪探测的应答</translation>
    </message>
    <message>
        <source>waiting for %1</source>
        <translation>正在等待 %1</translation>
    </message>
    <message>
        <source>preparing: %1</source>
        <translation>正在准备：%1</translation>
    </message>
    <message>
        <source>A step of prepare did not end within the case&apos;s timeout.</source>
        <translation>有一个准备步骤没有在用例的时限内结束。</translation>
    </message>
    <message>
        <source>A step of prepare ended with %1; logs/prepare-%2.log has its output.</source>
        <translation>有一个准备步骤以%1结束；输出见 logs/prepare-%2.log。</translation>
    </message>
    <message>
        <source>The server&apos;s answer</source>
        <translation>服务器的应答</translation>
    </message>
    <message>
        <source>The start of the stack</source>
        <translation>集群的启动</translation>
    </message>
    <message>
        <source>the stack runs: %1 containers</source>
        <translation>集群已运行：%1 个容器</translation>
    </message>
    <message>
        <source>it was still there after %1 s</source>
        <translation>%1 秒后它仍然存在</translation>
    </message>
    <message>
        <source>workload started</source>
        <translation>负载已启动</translation>
    </message>
    <message>
        <source>workload stopped: %1</source>
        <translation>负载已停止：%1</translation>
    </message>
    <message>
        <source>workload ended: %1</source>
        <translation>负载已结束：%1</translation>
    </message>
    <message>
        <source>ended %1 processes that the run&apos;s commands had left behind</source>
        <translation>已结束运行命令遗留的 %1 个进程</translation>
    </message>
    <message>
        <source>The runner (%1) was gone before the run had ended.</source>
        <translation>运行结束之前，执行者（%1）已不存在。</translation>
    </message>
    <message>
        <source>The server was not heard of. %1</source>
        <translation>没有服务器的消息。%1</translation>
    </message>
    <message>
        <source>The host %1 is %2 for its server.</source>
        <translation>服务器认为主机 %1 的状态是 %2。</translation>
    </message>
    <message>
        <source>The engine of the host %1 was lost, and %2 ended with it.</source>
        <translation>主机 %1 的引擎已丢失，%2 随之结束。</translation>
    </message>
    <message>
        <source>should this process be killed, nobody on this machine will know of the run: %1</source>
        <translation>如果此进程被杀死，本机将无人知道该运行：%1</translation>
    </message>
    <message>
        <source>No sign of life for %1 s. %2</source>
        <translation>已有 %1 秒没有任何动静。%2</translation>
    </message>
    <message>
        <source>removing the stack %1</source>
        <translation>正在移除堆栈 %1</translation>
    </message>
    <message>
        <source>%1 ended (%2), as a command of the run wanted</source>
        <translation>%1 已结束（%2），这是运行中的命令所要求的</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no check of a script: there are exitCode and containers.noneUnexpectedlyDead.</source>
        <translation>“%1”不是脚本可用的检查：只有 exitCode 和 containers.noneUnexpectedlyDead。</translation>
    </message>
    <message>
        <source>free: %1 slots, %2 cores, %3 GiB on %4 hosts</source>
        <translation>空闲：%1 个槽位，%2 个核，%3 GiB，共 %4 台主机</translation>
    </message>
    <message>
        <source>; no live numbers of %1 of them</source>
        <translation>；其中 %1 台没有实时数据</translation>
    </message>
    <message>
        <source>%1 slots</source>
        <translation>%1 个槽位</translation>
    </message>
    <message>
        <source>%1 cores</source>
        <translation>%1 个核</translation>
    </message>
    <message>
        <source>%1 GiB</source>
        <translation>%1 GiB</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>已取消。</translation>
    </message>
    <message>
        <source>waiting for %1 (%2); %3 s so far</source>
        <translation>正在等待 %1（%2）；已等待 %3 秒</translation>
    </message>
    <message>
        <source>The cluster had no room for %1 within %2 s (%3).</source>
        <translation>集群在 %2 秒内没有 %1 的空间（%3）。</translation>
    </message>
    <message>
        <source>The leader&apos;s command failed; logs/%1 has its output.</source>
        <translation>查询领导者的命令失败；其输出见 logs/%1。</translation>
    </message>
    <message>
        <source>This orchestrator can&apos;t pause a container.</source>
        <translation>此编排器无法暂停容器。</translation>
    </message>
    <message>
        <source>The engine answered %1.</source>
        <translation>引擎回答了 %1。</translation>
    </message>
    <message>
        <source>the leader&apos;s command printed &quot;%1&quot;, which is not one running container</source>
        <translation>查询领导者的命令输出了“%1”，它不是一个正在运行的容器</translation>
    </message>
    <message>
        <source>docker unpause %1 (on the host %2)</source>
        <translation>docker unpause %1（在主机 %2 上）</translation>
    </message>
    <message>
        <source>there is room after %1 s</source>
        <translation>%1 秒后有了空间</translation>
    </message>
    <message>
        <source>No container of the role &quot;%1&quot; runs.</source>
        <translation>角色“%1”没有正在运行的容器。</translation>
    </message>
    <message>
        <source>The image of the role &quot;%1&quot; (%2) needs %3, which the case does not say.</source>
        <translation>角色“%1”的镜像（%2）需要 %3，而用例没有给出。</translation>
    </message>
    <message>
        <source>The version of the role &quot;%1&quot; needs a template: write &quot;images: {%1: name:{version}}&quot; in suites.yaml.</source>
        <translation>角色“%1”的版本需要一个模板：请在 suites.yaml 中写 &quot;images: {%1: name:{version}}&quot;。</translation>
    </message>
    <message>
        <source>A step of prepare ended with the exit code %1 in the role &quot;%2&quot;: %3</source>
        <translation>prepare 的一个步骤在角色“%2”中以退出码 %1 结束：%3</translation>
    </message>
    <message>
        <source>told %1: %2</source>
        <translation>已通知 %1：%2</translation>
    </message>
    <message>
        <source>could not tell %1 (%2): %3</source>
        <translation>无法通知 %1（%2）：%3</translation>
    </message>
    <message>
        <source>No commit is known: this is no CI job, and FAULTLINE_UPSTREAM_PROJECT and FAULTLINE_UPSTREAM_SHA are not set.</source>
        <translation>不知道是哪个提交：这不是 CI 作业，并且未设置 FAULTLINE_UPSTREAM_PROJECT 和 FAULTLINE_UPSTREAM_SHA。</translation>
    </message>
    <message>
        <source>the stack is not kept: %1 has %2 scenes, and its quota is %3. Release one with: faultlinectl scene release STACK</source>
        <translation>未保留该 stack：%1 已有 %2 个现场，配额为 %3。可释放一个：faultlinectl scene release STACK</translation>
    </message>
    <message>
        <source>the stack %1 is kept for %2 until %3</source>
        <translation>stack %1 为 %2 保留至 %3</translation>
    </message>
    <message>
        <source>more time: faultlinectl scene extend %1 --by 4h; done: faultlinectl scene release %1</source>
        <translation>延长：faultlinectl scene extend %1 --by 4h；用完后：faultlinectl scene release %1</translation>
    </message>
    <message>
        <source>The scene could not be noted beside the stack (%1): scene list does not show it, and a reaper may remove it.</source>
        <translation>无法在 stack 旁记录该现场（%1）：scene list 不会显示它，清理程序可能会将其删除。</translation>
    </message>
    <message>
        <source>A step of prepare has no server: no container of &quot;%1&quot; publishes the port %2.</source>
        <translation>prepare 的一个步骤没有服务器：“%1”没有任何容器发布端口 %2。</translation>
    </message>
    <message>
        <source>A statement of prepare failed at %1: %2</source>
        <translation>prepare 的一条语句在 %1 失败：%2</translation>
    </message>
    <message>
        <source>%1 is not ready: %2</source>
        <translation>%1 尚未就绪：%2</translation>
    </message>
    <message>
        <source>evidence is missing: %1</source>
        <translation>缺少证据：%1</translation>
    </message>
    <message>
        <source>the kernel&apos;s messages can&apos;t be read from %1: %2</source>
        <translation>无法从 %1 读取内核消息：%2</translation>
    </message>
    <message>
        <source>This orchestrator can&apos;t run a command inside a container.</source>
        <translation>此编排器无法在容器内运行命令。</translation>
    </message>
    <message>
        <source>[the end of the command was not told: %1]</source>
        <translation>[未得知命令如何结束：%1]</translation>
    </message>
    <message>
        <source>its container may have ended</source>
        <translation>其容器可能已结束</translation>
    </message>
    <message>
        <source>workload frozen in its container; it goes on with: kill -CONT -%1</source>
        <translation>负载已在其容器内冻结；用以下命令继续：kill -CONT -%1</translation>
    </message>
    <message>
        <source>workload: %1 of %2</source>
        <translation>负载：%1 / %2</translation>
    </message>
    <message>
        <source>workload: %1 of %2, %3 s left</source>
        <translation>负载：%1 / %2，剩余 %3 秒</translation>
    </message>
    <message>
        <source>its scene was not kept</source>
        <translation>其现场没有保留</translation>
    </message>
</context>
<context>
    <name>cases</name>
    <message>
        <source>%1 must be a plain text.</source>
        <translation>%1 必须是普通文本。</translation>
    </message>
    <message>
        <source>%1 is longer than %2 characters.</source>
        <translation>%1 超过 %2 个字符。</translation>
    </message>
    <message>
        <source>`cases` must be a list.</source>
        <translation>`cases` 必须是列表。</translation>
    </message>
    <message>
        <source>A case</source>
        <translation>用例</translation>
    </message>
    <message>
        <source>A suite&apos;s name</source>
        <translation>套件名</translation>
    </message>
    <message>
        <source>Suite `%1` has no `cases`.</source>
        <translation>套件 `%1` 没有 `cases`。</translation>
    </message>
    <message>
        <source>A key</source>
        <translation>键</translation>
    </message>
    <message>
        <source>A label</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>`%1` is not a key of a suite; known are `cases` and `labels`.</source>
        <translation>`%1` 不是套件的键；可用的键是 `cases` 和 `labels`。</translation>
    </message>
    <message>
        <source>There is no `suites:` at the top of the file.</source>
        <translation>文件顶层没有 `suites:`。</translation>
    </message>
    <message>
        <source>The file is larger than 1 MiB.</source>
        <translation>文件大于 1 MiB。</translation>
    </message>
    <message>
        <source>Aliases and merge keys are not allowed here.</source>
        <translation>此处不允许使用别名和合并键。</translation>
    </message>
    <message>
        <source>The file is not YAML: %1.</source>
        <translation>文件不是 YAML：%1。</translation>
    </message>
    <message>
        <source>`images` must map roles to images.</source>
        <translation>`images` 必须把角色映射到镜像。</translation>
    </message>
    <message>
        <source>A role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>An image</source>
        <translation>镜像</translation>
    </message>
</context>
<context>
    <name>ci</name>
    <message>
        <source>This server&apos;s job logs can only be followed.</source>
        <translation>该服务器的作业日志只能跟随读取。</translation>
    </message>
    <message>
        <source>This server ends no job by force.</source>
        <translation>此服务器不支持强制结束作业。</translation>
    </message>
</context>
<context>
    <name>compose</name>
    <message>
        <source>A compose file is one mapping of services.</source>
        <translation>compose 文件是一个由服务组成的映射。</translation>
    </message>
    <message>
        <source>The compose file has no services.</source>
        <translation>compose 文件里没有服务。</translation>
    </message>
    <message>
        <source>The service &quot;%1&quot; is not a mapping.</source>
        <translation>服务“%1”不是映射。</translation>
    </message>
    <message>
        <source>Labels are a mapping, or a list of &quot;name=value&quot;.</source>
        <translation>标签应为映射，或 “name=value” 的列表。</translation>
    </message>
    <message>
        <source>There is no service &quot;%1&quot; to choose an image for.</source>
        <translation>没有可以选择镜像的服务“%1”。</translation>
    </message>
</context>
<context>
    <name>count</name>
    <message>
        <source>1 stack</source>
        <translation>1 个集群</translation>
    </message>
    <message>
        <source>%1 stacks</source>
        <translation>%1 个集群</translation>
    </message>
    <message>
        <source>1 service</source>
        <translation>1 个服务</translation>
    </message>
    <message>
        <source>%1 services</source>
        <translation>%1 个服务</translation>
    </message>
    <message>
        <source>1 container</source>
        <translation>1 个容器</translation>
    </message>
    <message>
        <source>%1 containers</source>
        <translation>%1 个容器</translation>
    </message>
</context>
<context>
    <name>duration</name>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分</translation>
    </message>
    <message>
        <source>%1 d</source>
        <translation>%1 天</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 小时</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分</translation>
    </message>
</context>
<context>
    <name>faultline::ci::gitlab::GitLabTrace</name>
    <message>
        <source>The server did not send the whole job log when it was asked for it.</source>
        <translation>请求完整作业日志时，服务器没有发送全部内容。</translation>
    </message>
</context>
<context>
    <name>faultline::console::Console</name>
    <message>
        <source>Open a workspace file…</source>
        <translation>打开工作区文件…</translation>
    </message>
    <message>
        <source>Use the lab on this machine</source>
        <translation>使用本机实验室</translation>
    </message>
    <message>
        <source>Light theme</source>
        <translation>浅色主题</translation>
    </message>
    <message>
        <source>Dark theme</source>
        <translation>深色主题</translation>
    </message>
    <message>
        <source>Open a workspace file</source>
        <translation>打开工作区文件</translation>
    </message>
    <message>
        <source>Workspaces (*.yaml *.yml)</source>
        <translation>工作区 (*.yaml *.yml)</translation>
    </message>
    <message>
        <source>Opening the workspace</source>
        <translation>正在打开工作区</translation>
    </message>
    <message>
        <source>Starting the lab</source>
        <translation>正在启动实验室</translation>
    </message>
    <message>
        <source>Looking for the sample cases</source>
        <translation>正在查找示例用例</translation>
    </message>
    <message>
        <source>The sample cases are in the lab: press N on the Runs page.</source>
        <translation>示例用例已放入实验室：在“运行”页按 N 即可启动。</translation>
    </message>
</context>
<context>
    <name>faultline::console::LabProcess</name>
    <message>
        <source>The lab was not ready within %1 s.</source>
        <translation>实验室未能在 %1 秒内就绪。</translation>
    </message>
    <message>
        <source>The lab could not be started: %1.</source>
        <translation>无法启动实验室：%1。</translation>
    </message>
    <message>
        <source>The lab ended with code %1.</source>
        <translation>实验室已退出，代码 %1。</translation>
    </message>
    <message>
        <source>There is no program faultline-lab beside this one. Build it, or open a workspace file.</source>
        <translation>本程序旁边没有 faultline-lab。请先构建它，或打开一个工作区文件。</translation>
    </message>
    <message>
        <source>The lab&apos;s folder %1 can&apos;t be made.</source>
        <translation>无法创建实验室目录 %1。</translation>
    </message>
</context>
<context>
    <name>faultline::console::OpenWorkspace</name>
    <message>
        <source>GitLab</source>
        <translation>GitLab</translation>
    </message>
    <message>
        <source>Rancher</source>
        <translation>Rancher</translation>
    </message>
    <message>
        <source>%1 / log</source>
        <translation>%1 / 日志</translation>
    </message>
    <message>
        <source>Job %1 made this stack; it is not among the newest runs.</source>
        <translation>此集群由作业 %1 创建；它不在最近的运行之列。</translation>
    </message>
</context>
<context>
    <name>faultline::console::PictureSession</name>
    <message>
        <source>The folder %1 can&apos;t be made.</source>
        <translation>无法创建目录 %1。</translation>
    </message>
    <message>
        <source>No live data came within %1 s; the pictures show what was there.</source>
        <translation>%1 秒内没有收到实时数据；截图只反映当时的内容。</translation>
    </message>
    <message>
        <source>A picture can&apos;t be saved in %1.</source>
        <translation>无法在 %1 中保存图片。</translation>
    </message>
</context>
<context>
    <name>faultline::console::SamplePush</name>
    <message>
        <source>git did not end within %1 s.</source>
        <translation>git 未在 %1 秒内结束。</translation>
    </message>
    <message>
        <source>git is not on this machine. Install it, then start the lab again.</source>
        <translation>这台机器上没有 git。请安装后重新启动实验室。</translation>
    </message>
    <message>
        <source>The lab&apos;s file %1 says nothing about its project.</source>
        <translation>实验室的文件 %1 没有说明它的项目。</translation>
    </message>
    <message>
        <source>The sample cases could not be pushed into the lab.</source>
        <translation>示例用例未能推送到实验室。</translation>
    </message>
    <message>
        <source>The sample cases could not be written to %1.</source>
        <translation>示例用例无法写入 %1。</translation>
    </message>
</context>
<context>
    <name>faultline::models::RunsModel</name>
    <message>
        <source>stopping</source>
        <translation>正在停止</translation>
    </message>
    <message>
        <source>Pipeline #%1</source>
        <translation>流水线 #%1</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>用例</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Stages</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Runner</source>
        <translation>执行器</translation>
    </message>
    <message>
        <source>Stack</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>Trigger</source>
        <translation>触发</translation>
    </message>
</context>
<context>
    <name>faultline::models::StackTreeModel</name>
    <message>
        <source>Containers without a stack</source>
        <translation>不属于任何集群的容器</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>镜像</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>主机</translation>
    </message>
    <message>
        <source>Ports</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>副本数</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>存在时间</translation>
    </message>
</context>
<context>
    <name>faultline::session::JobLogTail</name>
    <message>
        <source>This workspace has no CI server, so there is no job log to follow.</source>
        <translation>此工作区没有 CI 服务器，因此没有可跟随的作业日志。</translation>
    </message>
</context>
<context>
    <name>faultline::session::Session</name>
    <message>
        <source>This workspace has no such server; add it to the workspace file.</source>
        <translation>此工作区没有这样的服务器；请在工作区文件中添加。</translation>
    </message>
</context>
<context>
    <name>faultline::stacks::RancherBackend</name>
    <message>
        <source>There is no stack `%1`.</source>
        <translation>没有名为 `%1` 的集群。</translation>
    </message>
    <message>
        <source>The server&apos;s answer holds no compose file.</source>
        <translation>服务器的应答中没有 compose 文件。</translation>
    </message>
</context>
<context>
    <name>faultline::stacks::rancher::RancherFeed</name>
    <message>
        <source>The server closed the connection for live changes.</source>
        <translation>服务器关闭了实时变更的连接。</translation>
    </message>
    <message>
        <source>The server ended this session; signing in again.</source>
        <translation>服务器结束了会话，正在重新登录。</translation>
    </message>
</context>
<context>
    <name>faultline::views::Banner</name>
    <message>
        <source>Dismiss</source>
        <translation>关闭提示</translation>
    </message>
</context>
<context>
    <name>faultline::views::Dock</name>
    <message>
        <source>Hide the dock (Ctrl+J)</source>
        <translation>隐藏停靠栏 (Ctrl+J)</translation>
    </message>
    <message>
        <source>Hide the dock</source>
        <translation>隐藏停靠栏</translation>
    </message>
    <message>
        <source>Close tab</source>
        <translation>关闭标签页</translation>
    </message>
    <message>
        <source>Back into the dock</source>
        <translation>放回停靠区</translation>
    </message>
    <message>
        <source>Move to the right half</source>
        <translation>移到右半边</translation>
    </message>
    <message>
        <source>Move to the left half</source>
        <translation>移到左半边</translation>
    </message>
    <message>
        <source>Open in a window of its own</source>
        <translation>在独立窗口中打开</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Close the others</source>
        <translation>关闭其他</translation>
    </message>
</context>
<context>
    <name>faultline::views::DockWindow</name>
    <message>
        <source>Back into the dock</source>
        <translation>放回停靠区</translation>
    </message>
</context>
<context>
    <name>faultline::views::FuturePage</name>
    <message>
        <source>%1: not in this version</source>
        <translation>%1：此版本尚未提供</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
    <message>
        <source>All runs of the workspace on one time axis, with faults as bars and findings as marks. Until then, the Runs page shows when each case started and how long it took.</source>
        <translation>在同一时间轴上展示工作区的全部运行，故障为条、发现为标记。在此之前，“运行”页会显示每个用例何时开始、耗时多久。</translation>
    </message>
    <message>
        <source>Scenes</source>
        <translation>现场</translation>
    </message>
    <message>
        <source>Clusters of failed runs that were kept so that someone can go in: who owns them, until when, and the ways in. Until then, kept clusters are on the Stacks page.</source>
        <translation>为了让人进入排查而保留的失败运行的集群：归谁、保留到何时、如何进入。在此之前，保留的集群在“集群”页中。</translation>
    </message>
    <message>
        <source>Reports</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Pass rate, flakiness and latency per case over time, and the comparison of two runs.</source>
        <translation>每个用例随时间变化的通过率、不稳定性和延迟，以及两次运行的对比。</translation>
    </message>
    <message>
        <source>Schedules</source>
        <translation>计划</translation>
    </message>
    <message>
        <source>Pipeline schedules and triggers: next run, last result, missed runs, run now.</source>
        <translation>流水线计划与触发器：下次运行、上次结果、错过的运行、立即运行。</translation>
    </message>
    <message>
        <source>Fleet</source>
        <translation>机群</translation>
    </message>
    <message>
        <source>Runners and hosts: which are alive, what they do, and their load.</source>
        <translation>执行器与主机：哪些在线、在做什么、负载如何。</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Connections, tokens, notifications and language. Until then, connections are set in the workspace file, and the theme and language by --theme and --language.</source>
        <translation>连接、令牌、通知和语言。在此之前，连接在工作区文件中设置，主题和语言用 --theme 和 --language 设置。</translation>
    </message>
</context>
<context>
    <name>faultline::views::HealthPill</name>
    <message>
        <source>%1: details and retry</source>
        <translation>%1：详情与重试</translation>
    </message>
    <message>
        <source>certificate not verified, %1</source>
        <translation>证书未验证，%1</translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation>证书</translation>
    </message>
    <message>
        <source>Not verified. The workspace accepts the one with this fingerprint, for this server only.</source>
        <translation>未验证。此工作区仅对该服务器接受具有此指纹的证书。</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
</context>
<context>
    <name>faultline::views::HealthPopup</name>
    <message>
        <source>Connection %1</source>
        <translation>连接 %1</translation>
    </message>
    <message>
        <source>Retry now</source>
        <translation>立即重试</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
</context>
<context>
    <name>faultline::views::LogPanel</name>
    <message>
        <source>Follow</source>
        <translation>跟随</translation>
    </message>
    <message>
        <source>Go to the end and stay there (End)</source>
        <translation>跳到末尾并保持 (End)</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>Find in this log (Ctrl+F)</source>
        <translation>在此日志中查找 (Ctrl+F)</translation>
    </message>
    <message>
        <source>Close this log</source>
        <translation>关闭此日志</translation>
    </message>
    <message>
        <source>waiting for the log</source>
        <translation>等待日志</translation>
    </message>
    <message>
        <source>following</source>
        <translation>跟随中</translation>
    </message>
    <message>
        <source>live, not following</source>
        <translation>实时，未跟随</translation>
    </message>
    <message>
        <source>ended</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>not reached</source>
        <translation>无法连通</translation>
    </message>
    <message>
        <source>%1 lines</source>
        <translation>%1 行</translation>
    </message>
</context>
<context>
    <name>faultline::views::LogView</name>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>Go to the end and follow</source>
        <translation>跳到末尾并跟随</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
</context>
<context>
    <name>faultline::views::MainWindow</name>
    <message>
        <source>Faultline</source>
        <translation>Faultline</translation>
    </message>
    <message>
        <source>%1 – Faultline</source>
        <translation>%1 – Faultline</translation>
    </message>
    <message>
        <source>The dock is empty: open the log of a run (Enter) first.</source>
        <translation>停靠栏为空：请先打开一次运行的日志（回车）。</translation>
    </message>
</context>
<context>
    <name>faultline::views::NoticeBell</name>
    <message>
        <source>Notices of this session</source>
        <translation>本次会话的通知</translation>
    </message>
    <message>
        <source>Notices</source>
        <translation>通知</translation>
    </message>
    <message>
        <source>No notices yet</source>
        <translation>暂无通知</translation>
    </message>
</context>
<context>
    <name>faultline::views::RunActions</name>
    <message>
        <source>pipeline #%1</source>
        <translation>流水线 #%1</translation>
    </message>
    <message>
        <source>%1 (job %2 of pipeline #%3)</source>
        <translation>%1（流水线 #%3 的作业 %2）</translation>
    </message>
    <message>
        <source>Asked the server to stop %1.</source>
        <translation>已请求服务器停止 %1。</translation>
    </message>
    <message>
        <source>Runs again: %1.</source>
        <translation>重新运行：%1。</translation>
    </message>
</context>
<context>
    <name>faultline::views::RunInspector</name>
    <message>
        <source>Select a run to see why it is as it is.</source>
        <translation>选择一次运行以查看其状态的原因。</translation>
    </message>
    <message>
        <source>Trigger</source>
        <translation>触发</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Open the log in the dock (Enter)</source>
        <translation>在停靠栏中打开日志（回车）</translation>
    </message>
    <message>
        <source>Stop…</source>
        <translation>停止…</translation>
    </message>
    <message>
        <source>Stop this run (S)</source>
        <translation>停止此运行 (S)</translation>
    </message>
    <message>
        <source>Re-run</source>
        <translation>重跑</translation>
    </message>
    <message>
        <source>Run it again (R)</source>
        <translation>再次运行 (R)</translation>
    </message>
    <message>
        <source>Stack</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>Show its cluster on the Stacks page</source>
        <translation>在“集群”页中显示其集群</translation>
    </message>
    <message>
        <source>Open in the browser</source>
        <translation>在浏览器中打开</translation>
    </message>
    <message>
        <source>Pipeline #%1</source>
        <translation>流水线 #%1</translation>
    </message>
    <message>
        <source>Failed: %1.</source>
        <translation>失败：%1。</translation>
    </message>
    <message>
        <source>Its last pass took %1.</source>
        <translation>上次通过耗时 %1。</translation>
    </message>
    <message>
        <source>Waits for a runner, or for an earlier stage.</source>
        <translation>等待执行器，或等待前面的阶段。</translation>
    </message>
    <message>
        <source>A newer run of this case replaced it.</source>
        <translation>此用例有更新的运行取代了它。</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>创建</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>结束</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>耗时</translation>
    </message>
    <message>
        <source>Pipeline</source>
        <translation>流水线</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>作业</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>Runner</source>
        <translation>执行器</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Ref</source>
        <translation>引用</translation>
    </message>
    <message>
        <source>Commit</source>
        <translation>提交</translation>
    </message>
    <message>
        <source>Subject</source>
        <translation>标题</translation>
    </message>
</context>
<context>
    <name>faultline::views::RunsPage</name>
    <message>
        <source>Start a case</source>
        <translation>启动用例</translation>
    </message>
    <message>
        <source>Clear the filters</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>Search case, ref, stack, runner…  /</source>
        <translation>搜索用例、引用、集群、执行器…  /</translation>
    </message>
    <message>
        <source>Choose a suite or a case and start it (N)</source>
        <translation>选择套件或用例并启动 (N)</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>排队</translation>
    </message>
    <message>
        <source>passed</source>
        <translation>通过</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>No run matches</source>
        <translation>没有匹配的运行</translation>
    </message>
    <message>
        <source>Another search or fewer filters will show more.</source>
        <translation>换一个搜索词或减少筛选条件可显示更多。</translation>
    </message>
    <message>
        <source>The CI server refuses</source>
        <translation>CI 服务器拒绝访问</translation>
    </message>
    <message>
        <source>%1 Open the pill in the top bar for the details and to try again.</source>
        <translation>%1 请点开顶栏的连接状态查看详情并重试。</translation>
    </message>
    <message>
        <source>The CI server was not reached</source>
        <translation>无法连通 CI 服务器</translation>
    </message>
    <message>
        <source>It is tried again by itself; the pill in the top bar says why and when.</source>
        <translation>会自动重试；顶栏的连接状态说明原因和时间。</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>正在连接</translation>
    </message>
    <message>
        <source>The runs of this project will be here in a moment.</source>
        <translation>此项目的运行马上会显示在这里。</translation>
    </message>
    <message>
        <source>No runs yet</source>
        <translation>还没有运行</translation>
    </message>
    <message>
        <source>Cases that run as CI jobs of this project will be here, live.</source>
        <translation>作为此项目 CI 作业运行的用例会实时显示在这里。</translation>
    </message>
    <message>
        <source>Started pipeline #%1.</source>
        <translation>已启动流水线 #%1。</translation>
    </message>
    <message>
        <source>%1 had ended by itself.</source>
        <translation>%1 已自行结束。</translation>
    </message>
</context>
<context>
    <name>faultline::views::RunsTable</name>
    <message>
        <source>Created %1</source>
        <translation>创建于 %1</translation>
    </message>
    <message>
        <source>Started %1</source>
        <translation>开始于 %1</translation>
    </message>
    <message>
        <source>Finished %1</source>
        <translation>结束于 %1</translation>
    </message>
</context>
<context>
    <name>faultline::views::SearchBar</name>
    <message>
        <source>Find in this log</source>
        <translation>在此日志中查找</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>上一个</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一个</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>%1 found</source>
        <translation>找到 %1 处</translation>
    </message>
</context>
<context>
    <name>faultline::views::StackActions</name>
    <message>
        <source>Select a stack, a service or a container first.</source>
        <translation>请先选择集群、服务或容器。</translation>
    </message>
    <message>
        <source>The server has no such action for this kind of row.</source>
        <translation>服务器对此类对象没有这个操作。</translation>
    </message>
    <message>
        <source>The server does not offer this while the state is &quot;%1&quot;.</source>
        <translation>状态为“%1”时服务器不提供此操作。</translation>
    </message>
    <message>
        <source>Only services have a scale.</source>
        <translation>只有服务才有副本数。</translation>
    </message>
    <message>
        <source>stack %1</source>
        <translation>集群 %1</translation>
    </message>
    <message>
        <source>service %1</source>
        <translation>服务 %1</translation>
    </message>
    <message>
        <source>container %1</source>
        <translation>容器 %1</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>重启</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>%1: asked the server for %2.</source>
        <translation>%1：已向服务器请求%2。</translation>
    </message>
    <message>
        <source>Asked the server to scale %1 to %2.</source>
        <translation>已请求服务器将 %1 调整为 %2 个副本。</translation>
    </message>
</context>
<context>
    <name>faultline::views::StackInspector</name>
    <message>
        <source>Select a stack, a service or a container to see its facts.</source>
        <translation>选择集群、服务或容器以查看详情。</translation>
    </message>
    <message>
        <source>Facts</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Ids</source>
        <translation>标识</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>The server says</source>
        <translation>服务器原话</translation>
    </message>
    <message>
        <source>no health check</source>
        <translation>无健康检查</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Health</source>
        <translation>健康</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>存在时间</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>system stack</source>
        <translation>系统集群</translation>
    </message>
    <message>
        <source>stack</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>Services</source>
        <translation>服务</translation>
    </message>
    <message>
        <source>Containers</source>
        <translation>容器</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>描述</translation>
    </message>
    <message>
        <source>Stack</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>service</source>
        <translation>服务</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>镜像</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>副本数</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>服务</translation>
    </message>
    <message>
        <source>container</source>
        <translation>容器</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>主机</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Ports</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>Starts</source>
        <translation>启动次数</translation>
    </message>
    <message>
        <source>Container</source>
        <translation>容器</translation>
    </message>
    <message>
        <source>Docker</source>
        <translation>Docker</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Show job %1, which made this stack, on the Runs page (Ctrl+R)</source>
        <translation>在“运行”页显示创建此集群的作业 %1（Ctrl+R）</translation>
    </message>
</context>
<context>
    <name>faultline::views::StackQuestion</name>
    <message>
        <source>Keep it</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Type the name to confirm</source>
        <translation>输入名称以确认</translation>
    </message>
</context>
<context>
    <name>faultline::views::StacksPage</name>
    <message>
        <source>Clear the filter</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>Filter by name, image, host, state…  /</source>
        <translation>按名称、镜像、主机、状态筛选…  /</translation>
    </message>
    <message>
        <source>Stacks</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>%1 match</source>
        <translation>%1 个匹配</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>Nothing matches</source>
        <translation>没有匹配项</translation>
    </message>
    <message>
        <source>Another filter will show more.</source>
        <translation>换一个筛选条件可显示更多。</translation>
    </message>
    <message>
        <source>The server of the stacks refuses</source>
        <translation>集群服务器拒绝访问</translation>
    </message>
    <message>
        <source>%1 Open the pill in the top bar for the details and to try again.</source>
        <translation>%1 请点开顶栏的连接状态查看详情并重试。</translation>
    </message>
    <message>
        <source>The server of the stacks was not reached</source>
        <translation>无法连通集群服务器</translation>
    </message>
    <message>
        <source>It is tried again by itself; the pill in the top bar says why and when.</source>
        <translation>会自动重试；顶栏的连接状态说明原因和时间。</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>正在连接</translation>
    </message>
    <message>
        <source>The stacks of this project will be here in a moment.</source>
        <translation>此项目的集群马上会显示在这里。</translation>
    </message>
    <message>
        <source>No stacks</source>
        <translation>没有集群</translation>
    </message>
    <message>
        <source>The clusters that cases start will be here, live. Start a case on the Runs page to see one.</source>
        <translation>用例启动的集群会实时显示在这里。在“运行”页启动一个用例即可看到。</translation>
    </message>
    <message>
        <source>Scale up to %1</source>
        <translation>扩容到 %1</translation>
    </message>
    <message>
        <source>Scale down to %1</source>
        <translation>缩容到 %1</translation>
    </message>
    <message>
        <source>Copy id</source>
        <translation>复制标识</translation>
    </message>
    <message>
        <source>Copy name</source>
        <translation>复制名称</translation>
    </message>
    <message>
        <source>Remove %1?</source>
        <translation>删除 %1？</translation>
    </message>
    <message>
        <source>Remove it</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>This stack is a scene: somebody kept it to look into a failure. What is in its containers is lost. Type its name to remove it.</source>
        <translation>此集群是现场：有人为排查故障保留了它。容器中的内容将会丢失。请输入其名称以删除。</translation>
    </message>
    <message>
        <source>Its containers are stopped and removed, and what is in them is lost.</source>
        <translation>其容器会被停止并删除，其中的内容将会丢失。</translation>
    </message>
    <message>
        <source>Stop %1?</source>
        <translation>停止 %1？</translation>
    </message>
    <message>
        <source>Its processes get a signal and may end their work. What is on disk stays.</source>
        <translation>其进程会收到信号并可完成收尾。磁盘上的内容会保留。</translation>
    </message>
    <message>
        <source>Stop it</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Scale %1 to 0?</source>
        <translation>将 %1 缩容到 0？</translation>
    </message>
    <message>
        <source>All its containers are removed, and what is in them is lost. The service stays.</source>
        <translation>其全部容器会被删除，其中的内容将会丢失。服务会保留。</translation>
    </message>
    <message>
        <source>Scale to 0</source>
        <translation>缩容到 0</translation>
    </message>
    <message>
        <source>Show its run</source>
        <translation>显示它的运行</translation>
    </message>
</context>
<context>
    <name>faultline::views::StaleNote</name>
    <message>
        <source>last known at %1</source>
        <translation>最后已知于 %1</translation>
    </message>
    <message>
        <source>The connection is lost: these rows may have changed since. The pill in the top bar says why, and when it is tried again.</source>
        <translation>连接已断开：这些行此后可能已有变化。顶栏中的状态标签会说明原因以及何时重试。</translation>
    </message>
</context>
<context>
    <name>faultline::views::StartDialog</name>
    <message>
        <source>Start a case</source>
        <translation>启动用例</translation>
    </message>
    <message>
        <source>Branch or tag</source>
        <translation>分支或标签</translation>
    </message>
    <message>
        <source>The request that will be sent</source>
        <translation>将要发送的请求</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Variables</source>
        <translation>变量</translation>
    </message>
    <message>
        <source>Variables can be read by every job and stay with the pipeline: don&apos;t put a secret here.</source>
        <translation>变量对每个作业可见，并随流水线保留：请勿在此填写密钥。</translation>
    </message>
    <message>
        <source>This is sent</source>
        <translation>将发送</translation>
    </message>
    <message>
        <source>A suite</source>
        <translation>套件</translation>
    </message>
    <message>
        <source>One case</source>
        <translation>单个用例</translation>
    </message>
    <message>
        <source>Suite or case</source>
        <translation>套件或用例</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>reading the branches…</source>
        <translation>正在读取分支…</translation>
    </message>
    <message>
        <source>branch or tag</source>
        <translation>分支或标签</translation>
    </message>
    <message>
        <source>Sending…</source>
        <translation>正在发送…</translation>
    </message>
    <message>
        <source>Choose a branch or tag.</source>
        <translation>请选择分支或标签。</translation>
    </message>
    <message>
        <source>Choose a case.</source>
        <translation>请选择用例。</translation>
    </message>
    <message>
        <source>Choose a suite.</source>
        <translation>请选择套件。</translation>
    </message>
    <message>
        <source>%1 is set by the choice above.</source>
        <translation>%1 由上面的选择设置。</translation>
    </message>
    <message>
        <source>Reading suites.yaml…</source>
        <translation>正在读取 suites.yaml…</translation>
    </message>
    <message>
        <source>Runs: %1</source>
        <translation>将运行：%1</translation>
    </message>
</context>
<context>
    <name>faultline::views::StopQuestion</name>
    <message>
        <source>Stop a run</source>
        <translation>停止运行</translation>
    </message>
    <message>
        <source>Stop %1?</source>
        <translation>停止 %1？</translation>
    </message>
    <message>
        <source>The job gets a signal and may still clean up; it shows &quot;stopping&quot; until the server says that it ended. A cluster that its script doesn&apos;t remove stays on the Stacks page.</source>
        <translation>作业会收到信号，仍可进行清理；在服务器确认结束之前显示“正在停止”。脚本没有删除的集群会留在“集群”页中。</translation>
    </message>
    <message>
        <source>Let it run</source>
        <translation>让它继续</translation>
    </message>
    <message>
        <source>Stop it</source>
        <translation>停止</translation>
    </message>
</context>
<context>
    <name>faultline::views::TopBar</name>
    <message>
        <source>Show or hide the dock</source>
        <translation>显示或隐藏停靠栏</translation>
    </message>
    <message>
        <source>Show or hide the inspector</source>
        <translation>显示或隐藏检查器</translation>
    </message>
    <message>
        <source>Faultline</source>
        <translation>Faultline</translation>
    </message>
    <message>
        <source>Switch the workspace</source>
        <translation>切换工作区</translation>
    </message>
    <message>
        <source>No workspace</source>
        <translation>没有工作区</translation>
    </message>
</context>
<context>
    <name>faultline::views::VariableTable</name>
    <message>
        <source>NAME</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Variable name</source>
        <translation>变量名</translation>
    </message>
    <message>
        <source>value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Variable value</source>
        <translation>变量值</translation>
    </message>
    <message>
        <source>Remove this variable</source>
        <translation>移除此变量</translation>
    </message>
    <message>
        <source>A value has no name.</source>
        <translation>有一个值没有名称。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not a name of a variable: letters, digits and _ only.</source>
        <translation>“%1”不是变量名：只能使用字母、数字和 _。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is given twice.</source>
        <translation>“%1”重复。</translation>
    </message>
</context>
<context>
    <name>faultline::views::WelcomePage</name>
    <message>
        <source>Use the lab on this machine</source>
        <translation>使用本机实验室</translation>
    </message>
    <message>
        <source>Open a workspace file…</source>
        <translation>打开工作区文件…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Open a workspace</source>
        <translation>打开工作区</translation>
    </message>
    <message>
        <source>A workspace is one GitLab project, whose jobs are the test cases, and the Rancher environment that runs their clusters. It is a YAML file that names both servers and where their tokens are kept.

The lab is both servers in one program on this machine: real jobs and real containers, nothing to set up but a Docker Engine.</source>
        <translation>工作区由一个 GitLab 项目（其作业就是测试用例）和运行其集群的 Rancher 环境组成。它是一个 YAML 文件，写明两个服务器以及令牌存放的位置。

实验室是在本机用一个程序同时充当这两个服务器：真实的作业、真实的容器，只需要一个 Docker 引擎。</translation>
    </message>
</context>
<context>
    <name>faults</name>
    <message>
        <source>This orchestrator can&apos;t run commands in containers.</source>
        <translation>此编排系统不能在容器中运行命令。</translation>
    </message>
    <message>
        <source>There is no kind of fault &quot;%1&quot;; &quot;faultlinectl chaos kinds&quot; lists them.</source>
        <translation>没有名为“%1”的故障类型；“faultlinectl chaos kinds”会列出全部类型。</translation>
    </message>
    <message>
        <source>%1 takes no arguments.</source>
        <translation>%1 不接受参数。</translation>
    </message>
    <message>
        <source>%1 has no argument &quot;%2&quot;; it has %3.</source>
        <translation>%1 没有参数“%2”；它的参数有 %3。</translation>
    </message>
    <message>
        <source>%1 of %2 is &quot;%3&quot;; it must be %4.</source>
        <translation>%2 的 %1 是“%3”；它必须是 %4。</translation>
    </message>
    <message>
        <source>%1 needs %2: %3.</source>
        <translation>%1 需要 %2：%3。</translation>
    </message>
    <message>
        <source>The helper container did not end in time.</source>
        <translation>辅助容器未能及时结束。</translation>
    </message>
    <message>
        <source>The helper that should undo said nothing. %1</source>
        <translation>负责撤销的辅助容器没有任何输出。%1</translation>
    </message>
    <message>
        <source>%1 is gone.</source>
        <translation>%1 已不存在。</translation>
    </message>
    <message>
        <source>%1 was started again.</source>
        <translation>%1 已重新启动。</translation>
    </message>
    <message>
        <source>%1 does not run any more.</source>
        <translation>%1 已不再运行。</translation>
    </message>
    <message>
        <source>The log of the helper container did not come in time.</source>
        <translation>未能及时取得辅助容器的日志。</translation>
    </message>
    <message>
        <source>the helper container is started</source>
        <translation>正在启动辅助容器</translation>
    </message>
    <message>
        <source>%1 is already under the fault %2 (%3) of %4. Stop it: faultlinectl chaos stop %2</source>
        <translation>%1 已处于 %4 的故障 %2（%3）之下。要停止它：faultlinectl chaos stop %2</translation>
    </message>
    <message>
        <source>The helper container of the image %1 could not be started: %2. If the image is missing: scripts/images</source>
        <translation>无法启动镜像 %1 的辅助容器：%2。如果缺少镜像：scripts/images</translation>
    </message>
    <message>
        <source>The server does not answer, so that nobody saw the fault end; its lease is over. %1</source>
        <translation>服务器没有应答，因此没有人看到故障结束；其租约已到期。%1</translation>
    </message>
    <message>
        <source>undoing</source>
        <translation>正在撤销</translation>
    </message>
    <message>
        <source>The fault %1 on %2: %3. %4</source>
        <translation>%2 上的故障 %1：%3。%4</translation>
    </message>
    <message>
        <source>The ledger of faults can&apos;t be used: %1.</source>
        <translation>无法使用故障台账：%1。</translation>
    </message>
    <message>
        <source>The ledger of faults can&apos;t be written: %1.</source>
        <translation>无法写入故障台账：%1。</translation>
    </message>
    <message>
        <source>The ledger of faults can&apos;t be opened: %1. Nothing is injected without it.</source>
        <translation>无法打开故障台账：%1。没有它就不会注入任何故障。</translation>
    </message>
    <message>
        <source>its folder can&apos;t be made</source>
        <translation>无法创建其文件夹</translation>
    </message>
    <message>
        <source>%1 is already under the fault %2 (%3, %4), and %5 can&apos;t be in together with it. Wait for its end, or stop it: faultlinectl chaos stop %2</source>
        <translation>%1 已处于故障 %2（%3，%4）之下，%5 不能与它同时存在。请等它结束，或停止它：faultlinectl chaos stop %2</translation>
    </message>
    <message>
        <source>The agent of the image %1 did not tell what this machine can do. %2 If the image is missing: scripts/images</source>
        <translation>镜像 %1 的代理没有说明这台机器能做什么。%2 如果缺少镜像：scripts/images</translation>
    </message>
    <message>
        <source>the orchestrator&apos;s own verb</source>
        <translation>编排系统自身的操作</translation>
    </message>
    <message>
        <source>The agent there does not know %1.</source>
        <translation>那里的代理不认识 %1。</translation>
    </message>
    <message>
        <source>This machine can&apos;t do %1: %2</source>
        <translation>这台机器做不到 %1：%2</translation>
    </message>
    <message>
        <source>it was planned, and nothing was touched</source>
        <translation>它只是计划，没有触及任何东西</translation>
    </message>
    <message>
        <source>it is over, and its helper container was left behind</source>
        <translation>它已结束，但其辅助容器被遗留</translation>
    </message>
    <message>
        <source>its helper container has ended</source>
        <translation>其辅助容器已结束</translation>
    </message>
    <message>
        <source>it leaked</source>
        <translation>它已泄漏</translation>
    </message>
    <message>
        <source>its target is gone</source>
        <translation>其目标已不存在</translation>
    </message>
    <message>
        <source>the program that kept it is gone</source>
        <translation>维持它的程序已不存在</translation>
    </message>
    <message>
        <source>its helper container is gone</source>
        <translation>其辅助容器已不存在</translation>
    </message>
    <message>
        <source>its time was over at %1</source>
        <translation>它的时限已于 %1 结束</translation>
    </message>
    <message>
        <source>There is no stack &quot;%1&quot;.</source>
        <translation>没有名为“%1”的应用栈。</translation>
    </message>
    <message>
        <source>No container &quot;%1&quot; of the stack &quot;%2&quot; runs.</source>
        <translation>应用栈“%2”中没有正在运行的容器“%1”。</translation>
    </message>
    <message>
        <source>pick names needs at least one container&apos;s name.</source>
        <translation>pick names 至少需要一个容器名。</translation>
    </message>
    <message>
        <source>The leader&apos;s command printed &quot;%1&quot;, which is not one running container.</source>
        <translation>主节点命令输出了“%1”，它不是唯一一个正在运行的容器。</translation>
    </message>
    <message>
        <source>A partition of the shape %1 needs at least %2 members, and there are %3. Name more services: from=…</source>
        <translation>形状为 %1 的分区至少需要 %2 个成员，而现有 %3 个。请指定更多服务：from=…</translation>
    </message>
    <message>
        <source>There is no pick &quot;%1&quot;: leader, one, all, n, percent, minority, majority, minorityThird or names.</source>
        <translation>没有“%1”这种选取方式：leader、one、all、n、percent、minority、majority、minorityThird 或 names。</translation>
    </message>
    <message>
        <source>No role is named, and none never means all.</source>
        <translation>没有指定角色，而不指定绝不表示全部。</translation>
    </message>
    <message>
        <source>The stack &quot;%1&quot; has no service &quot;%2&quot;.</source>
        <translation>应用栈“%1”没有服务“%2”。</translation>
    </message>
    <message>
        <source>No container of &quot;%1&quot; runs.</source>
        <translation>“%1”没有正在运行的容器。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is protected by the label faultline.protect. Name a container to hit it all the same: --pick names --name …</source>
        <translation>“%1”受标签 faultline.protect 保护。如仍要命中它，请指明容器：--pick names --name …</translation>
    </message>
    <message>
        <source>&quot;%1&quot; of the %2 running containers of %3 is none.</source>
        <translation>%3 的 %2 个运行中的容器里，“%1”一个也没有。</translation>
    </message>
    <message>
        <source>from: the stack &quot;%1&quot; has no service &quot;%2&quot;.</source>
        <translation>from：应用栈“%1”没有服务“%2”。</translation>
    </message>
    <message>
        <source>Nobody is left to be cut off from: no other container of that runs.</source>
        <translation>没有可以隔离的对象：没有其他容器在运行。</translation>
    </message>
</context>
<context>
    <name>gitlab</name>
    <message>
        <source>The archive came without its end: it was cut off on its way, or it is no zip file. Nothing was written. Try again.</source>
        <translation>收到的归档缺少结尾：它在传输途中被截断，或者不是 zip 文件。没有写入任何内容。请重试。</translation>
    </message>
</context>
<context>
    <name>json</name>
    <message>
        <source>The server&apos;s answer is empty.</source>
        <translation>服务器的应答为空。</translation>
    </message>
    <message>
        <source>The server answered with a web page instead of data; check the address, and whether a proxy or a sign-in page stands in between.</source>
        <translation>服务器返回的是网页而不是数据；请检查地址，以及中间是否有代理或登录页。</translation>
    </message>
    <message>
        <source>The server&apos;s answer can&apos;t be understood: %1</source>
        <translation>无法理解服务器的应答：%1</translation>
    </message>
</context>
<context>
    <name>main</name>
    <message>
        <source>The console of Faultline: watch, start and stop stability tests.</source>
        <translation>Faultline 控制台：查看、启动和停止稳定性测试。</translation>
    </message>
    <message>
        <source>Open this workspace file.</source>
        <translation>打开此工作区文件。</translation>
    </message>
    <message>
        <source>Start the lab on this machine, or use the one that runs.</source>
        <translation>启动本机实验室，或使用正在运行的实验室。</translation>
    </message>
    <message>
        <source>&quot;dark&quot; or &quot;light&quot;; the desktop&apos;s choice when absent.</source>
        <translation>“dark”或“light”；缺省时跟随桌面。</translation>
    </message>
    <message>
        <source>&quot;en&quot; or &quot;zh_CN&quot;; the desktop&apos;s choice when absent.</source>
        <translation>“en”或“zh_CN”；缺省时跟随桌面。</translation>
    </message>
    <message>
        <source>Save a picture of every page once live data is shown, and exit.</source>
        <translation>显示实时数据后保存每个页面的图片并退出。</translation>
    </message>
    <message>
        <source>--theme is &quot;dark&quot; or &quot;light&quot;.</source>
        <translation>--theme 为“dark”或“light”。</translation>
    </message>
    <message>
        <source>--lab and --workspace exclude each other.</source>
        <translation>--lab 与 --workspace 不能同时使用。</translation>
    </message>
    <message>
        <source>Unexpected argument: %1</source>
        <translation>多余的参数：%1</translation>
    </message>
</context>
<context>
    <name>net</name>
    <message>
        <source>Cancelled.</source>
        <translation>已取消。</translation>
    </message>
    <message>
        <source>No answer within %1 s.</source>
        <translation>%1 秒内没有应答。</translation>
    </message>
    <message>
        <source>The answer is larger than %1 MiB and was not read to its end. Ask for less.</source>
        <translation>应答大于 %1 MiB，未读完。请缩小请求范围。</translation>
    </message>
    <message>
        <source>The server packed its answer in a way that was not asked for.</source>
        <translation>服务器用未请求的方式压缩了应答。</translation>
    </message>
    <message>
        <source>The packed answer of the server is broken.</source>
        <translation>服务器压缩的应答已损坏。</translation>
    </message>
    <message>
        <source>The server&apos;s list goes on at another host (%1); this link was not followed.</source>
        <translation>服务器的列表在另一台主机（%1）继续；未跟随该链接。</translation>
    </message>
    <message>
        <source>The server redirects to an address that can&apos;t be used.</source>
        <translation>服务器重定向到无法使用的地址。</translation>
    </message>
    <message>
        <source>The server has moved to %1, where the token is not sent. Put this address into the settings.</source>
        <translation>服务器已迁移到 %1，令牌不会发往那里。请把该地址写入设置。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; can&apos;t be written: %2.</source>
        <translation>无法写入“%1”：%2。</translation>
    </message>
</context>
<context>
    <name>notify</name>
    <message>
        <source>There is no token for the commit&apos;s status: set FAULTLINE_UPSTREAM_TOKEN.</source>
        <translation>没有用于提交状态的令牌：请设置 FAULTLINE_UPSTREAM_TOKEN。</translation>
    </message>
    <message>
        <source>The webhook&apos;s address must begin with https:// and hold no password.</source>
        <translation>webhook 地址必须以 https:// 开头，且不得包含密码。</translation>
    </message>
    <message>
        <source>There is no webhook for &quot;%1&quot;: set %2, or store it in the keychain as slack/%1.</source>
        <translation>“%1”没有对应的 webhook：请设置 %2，或将其以 slack/%1 存入钥匙串。</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>另有 %1 个</translation>
    </message>
    <message>
        <source>until %1</source>
        <translation>直到 %1</translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>负责人</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Commit</source>
        <translation>提交</translation>
    </message>
    <message>
        <source>Scene</source>
        <translation>现场</translation>
    </message>
    <message>
        <source>The scene %1 expires at %2.</source>
        <translation>现场 %1 将于 %2 到期。</translation>
    </message>
</context>
<context>
    <name>rancher</name>
    <message>
        <source>%1 can&apos;t do `%2` in its present state; wait until it has settled, or refresh.</source>
        <translation>%1 在当前状态下不能执行 `%2`；请等待其稳定或刷新。</translation>
    </message>
    <message>
        <source>The server&apos;s list never ends: a page names itself as next.</source>
        <translation>服务器的列表没有尽头：某一页把自己当作下一页。</translation>
    </message>
    <message>
        <source>event of the subscribe socket</source>
        <translation>订阅套接字的事件</translation>
    </message>
    <message>
        <source>The server returned a link outside of its own API.</source>
        <translation>服务器返回了其 API 之外的链接。</translation>
    </message>
    <message>
        <source>This key sees several Rancher environments; choose one in the workspace: %1.</source>
        <translation>此密钥可以看到多个 Rancher 环境；请在工作区文件中选择一个：%1。</translation>
    </message>
    <message>
        <source>This key sees no Rancher environment.</source>
        <translation>此密钥看不到任何 Rancher 环境。</translation>
    </message>
    <message>
        <source>There is no Rancher environment `%1`; this key sees: %2.</source>
        <translation>没有 Rancher 环境 `%1`；此密钥可以看到：%2。</translation>
    </message>
    <message>
        <source>There is no object %1 in this environment.</source>
        <translation>此环境中没有对象 %1。</translation>
    </message>
    <message>
        <source>The server does not accept the token of this connection any more: it expired (it lives for 5 minutes), or the host&apos;s agent is not connected. Open it again.</source>
        <translation>服务器不再接受此连接的令牌：令牌已过期（有效期 5 分钟），或者主机的代理未连接。请重新打开。</translation>
    </message>
    <message>
        <source>%1 has no `%2`.</source>
        <translation>%1 没有“%2”。</translation>
    </message>
</context>
<context>
    <name>runs</name>
    <message>
        <source>the script failed</source>
        <translation>脚本失败</translation>
    </message>
    <message>
        <source>the runner lost the CI server</source>
        <translation>执行器与 CI 服务器失去联系</translation>
    </message>
    <message>
        <source>no runner took it, or it stopped answering</source>
        <translation>没有执行器接手，或执行器停止响应</translation>
    </message>
    <message>
        <source>the runner itself failed</source>
        <translation>执行器自身出错</translation>
    </message>
    <message>
        <source>it ran past its time limit</source>
        <translation>超过时间限制</translation>
    </message>
    <message>
        <source>its log passed the size limit</source>
        <translation>日志超过大小限制</translation>
    </message>
    <message>
        <source>no runner has the tags it needs</source>
        <translation>没有执行器具有所需标签</translation>
    </message>
    <message>
        <source>the runner can&apos;t do what it asks for</source>
        <translation>执行器不支持所请求的功能</translation>
    </message>
    <message>
        <source>an artifact that it needs is missing</source>
        <translation>缺少所需的制品</translation>
    </message>
    <message>
        <source>a prerequisite was not met</source>
        <translation>前置条件未满足</translation>
    </message>
    <message>
        <source>the CI server could not schedule it</source>
        <translation>CI 服务器无法调度</translation>
    </message>
    <message>
        <source>the CI server found its data damaged</source>
        <translation>CI 服务器发现数据损坏</translation>
    </message>
    <message>
        <source>no runner was ready in time</source>
        <translation>没有执行器及时就绪</translation>
    </message>
    <message>
        <source>the runner was interrupted</source>
        <translation>执行器被中断</translation>
    </message>
    <message>
        <source>image pull failed</source>
        <translation>镜像拉取失败</translation>
    </message>
    <message>
        <source>something the runner depends on failed</source>
        <translation>执行器依赖的组件出错</translation>
    </message>
    <message>
        <source>the runner is configured wrongly</source>
        <translation>执行器配置错误</translation>
    </message>
    <message>
        <source>the CI quota is used up</source>
        <translation>CI 配额已用完</translation>
    </message>
    <message>
        <source>its scheduled time had passed</source>
        <translation>计划时间已过</translation>
    </message>
    <message>
        <source>its user is blocked</source>
        <translation>其用户已被封禁</translation>
    </message>
    <message>
        <source>the CI server gives no reason</source>
        <translation>CI 服务器没有给出原因</translation>
    </message>
    <message>
        <source>push</source>
        <translation>推送</translation>
    </message>
    <message>
        <source>web</source>
        <translation>网页</translation>
    </message>
    <message>
        <source>trigger</source>
        <translation>触发器</translation>
    </message>
    <message>
        <source>schedule</source>
        <translation>计划</translation>
    </message>
    <message>
        <source>API</source>
        <translation>API</translation>
    </message>
    <message>
        <source>merge request</source>
        <translation>合并请求</translation>
    </message>
    <message>
        <source>another pipeline</source>
        <translation>其他流水线</translation>
    </message>
    <message>
        <source>parent pipeline</source>
        <translation>父流水线</translation>
    </message>
    <message>
        <source>chat</source>
        <translation>聊天</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>排队</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>pass</source>
        <translation>通过</translation>
    </message>
    <message>
        <source>fail</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>infra</source>
        <translation>环境故障</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>manual</source>
        <translation>手动</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
</context>
<context>
    <name>scenes</name>
    <message>
        <source>The process that ran it is gone.</source>
        <translation>运行它的进程已不存在。</translation>
    </message>
    <message>
        <source>The CI job %1 that ran it has ended.</source>
        <translation>运行它的 CI 作业 %1 已结束。</translation>
    </message>
    <message>
        <source>It should have ended by %1.</source>
        <translation>它本应在 %1 之前结束。</translation>
    </message>
    <message>
        <source>The scene expired at %1.</source>
        <translation>现场已于 %1 到期。</translation>
    </message>
    <message>
        <source>A scene is extended by a time above zero.</source>
        <translation>现场的延长时间必须大于零。</translation>
    </message>
    <message>
        <source>The scene %1 may live until %2 at most (extendMax of its case). Save its evidence: faultlinectl scene evidence %1</source>
        <translation>现场 %1 最多保留到 %2（由用例的 extendMax 规定）。请保存其证据：faultlinectl scene evidence %1</translation>
    </message>
    <message>
        <source>The log of %1 could not be read to its end.</source>
        <translation>%1 的日志未能完整读取。</translation>
    </message>
    <message>
        <source>The evidence can&apos;t be written beside the archive.</source>
        <translation>无法在归档旁写入证据。</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>已取消。</translation>
    </message>
    <message>
        <source>The stack %1 has no service beside which a scene could be noted.</source>
        <translation>stack %1 没有可用于记录现场的服务。</translation>
    </message>
    <message>
        <source>no engine can be asked for its files</source>
        <translation>没有可以请求其文件的引擎</translation>
    </message>
    <message>
        <source>%1 is no absolute path</source>
        <translation>%1 不是绝对路径</translation>
    </message>
    <message>
        <source>%1 can&apos;t be saved here: %2</source>
        <translation>%1 无法保存到本机：%2</translation>
    </message>
    <message>
        <source>%1: the engine answered %2 %3</source>
        <translation>%1：引擎回答 %2 %3</translation>
    </message>
    <message>
        <source>the engine does not tell which files changed</source>
        <translation>引擎没有说明哪些文件有变化</translation>
    </message>
    <message>
        <source>%1 core files; the first %2 are taken</source>
        <translation>共有 %1 个 core 文件；只取前 %2 个</translation>
    </message>
    <message>
        <source>Files of %1: %2</source>
        <translation>%1 的文件：%2</translation>
    </message>
    <message>
        <source>The archive ends too early: %1.</source>
        <translation>归档过早结束：%1。</translation>
    </message>
    <message>
        <source>an entry without a usable name</source>
        <translation>名称不可用的条目</translation>
    </message>
    <message>
        <source>%1 is no plain file.</source>
        <translation>%1 不是普通文件。</translation>
    </message>
    <message>
        <source>%1 is there twice.</source>
        <translation>%1 出现了两次。</translation>
    </message>
    <message>
        <source>%1 and what follows is too much.</source>
        <translation>%1 及其后的内容过多。</translation>
    </message>
    <message>
        <source>%1 can&apos;t be written: %2.</source>
        <translation>无法写入 %1：%2。</translation>
    </message>
    <message>
        <source>%1 could not be saved whole.</source>
        <translation>%1 未能完整保存。</translation>
    </message>
    <message>
        <source>The archive can&apos;t be read: %1.</source>
        <translation>无法读取归档：%1。</translation>
    </message>
    <message>
        <source>The scene expires at %1.</source>
        <translation>该现场将于 %1 到期。</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>The system keychain did not answer within two minutes.</source>
        <translation>系统密钥环在两分钟内没有应答。</translation>
    </message>
    <message>
        <source>The system keychain has no entry `%1` of `faultline`.</source>
        <translation>系统密钥环中没有 `faultline` 的条目 `%1`。</translation>
    </message>
    <message>
        <source>The system keychain can&apos;t be read: %1. Use env: or file: instead.</source>
        <translation>无法读取系统密钥环：%1。请改用 env: 或 file:。</translation>
    </message>
    <message>
        <source>The secret is empty.</source>
        <translation>密钥为空。</translation>
    </message>
    <message>
        <source>The secret holds a control character.</source>
        <translation>密钥中含有控制字符。</translation>
    </message>
    <message>
        <source>The environment variable %1 is not set.</source>
        <translation>环境变量 %1 未设置。</translation>
    </message>
    <message>
        <source>The secret&apos;s file %1 does not exist.</source>
        <translation>密钥文件 %1 不存在。</translation>
    </message>
    <message>
        <source>Other users may read the secret&apos;s file %1; run: chmod 600 %1</source>
        <translation>其他用户可以读取密钥文件 %1；请运行：chmod 600 %1</translation>
    </message>
    <message>
        <source>The secret&apos;s file %1 can&apos;t be read: %2.</source>
        <translation>无法读取密钥文件 %1：%2。</translation>
    </message>
    <message>
        <source>The secret&apos;s file %1 is too large.</source>
        <translation>密钥文件 %1 过大。</translation>
    </message>
    <message>
        <source>A secret is given as env:NAME, file:/path or keychain:entry.</source>
        <translation>密钥的写法是 env:NAME、file:/path 或 keychain:entry。</translation>
    </message>
    <message>
        <source>`%1` must be a plain text.</source>
        <translation>`%1` 必须是纯文本。</translation>
    </message>
    <message>
        <source>`%1` is longer than %2 characters.</source>
        <translation>`%1` 超过 %2 个字符。</translation>
    </message>
    <message>
        <source>%1 must be a list of `key: value` lines.</source>
        <translation>%1 必须由 `key: value` 形式的行组成。</translation>
    </message>
    <message>
        <source>a key</source>
        <translation>键</translation>
    </message>
    <message>
        <source>`%1` is given twice.</source>
        <translation>`%1` 出现了两次。</translation>
    </message>
    <message>
        <source>Known keys are %1.</source>
        <translation>可用的键有 %1。</translation>
    </message>
    <message>
        <source>Did you mean `%1`?</source>
        <translation>是否想写 `%1`？</translation>
    </message>
    <message>
        <source>Unknown key `%1` in %2. %3</source>
        <translation>%2 中有未知的键 `%1`。%3</translation>
    </message>
    <message>
        <source>%1 needs `%2`.</source>
        <translation>%1 需要 `%2`。</translation>
    </message>
    <message>
        <source>`%1` must say where the secret is: env:NAME, file:/path or keychain:entry. Never write a secret itself into a workspace file.</source>
        <translation>`%1` 必须说明密钥在哪里：env:NAME、file:/path 或 keychain:entry。切勿把密钥本身写进工作区文件。</translation>
    </message>
    <message>
        <source>`url` of %1 must be an http:// or https:// address.</source>
        <translation>%1 的 `url` 必须是 http:// 或 https:// 地址。</translation>
    </message>
    <message>
        <source>`url` of %1 must not hold a user name or password.</source>
        <translation>%1 的 `url` 不得包含用户名或密码。</translation>
    </message>
    <message>
        <source>%1 needs `token`.</source>
        <translation>%1 需要 `token`。</translation>
    </message>
    <message>
        <source>%1 needs both `accessKey` and `secretKey`, or neither.</source>
        <translation>%1 需要同时给出 `accessKey` 和 `secretKey`，或两者都不给。</translation>
    </message>
    <message>
        <source>a workspace file</source>
        <translation>工作区文件</translation>
    </message>
    <message>
        <source>`apiVersion` must be faultline/v1.</source>
        <translation>`apiVersion` 必须是 faultline/v1。</translation>
    </message>
    <message>
        <source>`kind` must be Workspace.</source>
        <translation>`kind` 必须是 Workspace。</translation>
    </message>
    <message>
        <source>`colour` must look like &quot;#1f6feb&quot;, in quotes.</source>
        <translation>`colour` 的写法应如 &quot;#1f6feb&quot;，并加引号。</translation>
    </message>
    <message>
        <source>A workspace needs `gitlab`, `rancher` or both.</source>
        <translation>工作区需要 `gitlab`、`rancher` 或两者。</translation>
    </message>
    <message>
        <source>A workspace file may have at most %1 KiB.</source>
        <translation>工作区文件最多 %1 KiB。</translation>
    </message>
    <message>
        <source>This is not readable as YAML: %1.</source>
        <translation>无法按 YAML 解析：%1。</translation>
    </message>
    <message>
        <source>The workspace file can&apos;t be read: %1.</source>
        <translation>无法读取工作区文件：%1。</translation>
    </message>
    <message>
        <source>`trustedFingerprint` must be the SHA-256 fingerprint of a certificate: 64 hexadecimal digits, with or without colons.</source>
        <translation>`trustedFingerprint` 必须是证书的 SHA-256 指纹：64 个十六进制数字，可带或不带冒号。</translation>
    </message>
    <message>
        <source>`trustedFingerprint` of %1 needs an https:// address.</source>
        <translation>%1 的 `trustedFingerprint` 需要 https:// 地址。</translation>
    </message>
</context>
<context>
    <name>stacks</name>
    <message>
        <source>This orchestrator can&apos;t stop a container with a time limit.</source>
        <translation>此编排器不支持限时停止容器。</translation>
    </message>
    <message>
        <source>This orchestrator can&apos;t do that.</source>
        <translation>此编排系统不支持该操作。</translation>
    </message>
    <message>
        <source>The host&apos;s engine did not answer.</source>
        <translation>主机的引擎没有回答。</translation>
    </message>
    <message>
        <source>The answer of the host&apos;s engine is too large.</source>
        <translation>主机引擎的回答过大。</translation>
    </message>
    <message>
        <source>What the host&apos;s engine sends can&apos;t be taken in whole.</source>
        <translation>主机引擎发送的内容无法完整接收。</translation>
    </message>
</context>
</TS>
