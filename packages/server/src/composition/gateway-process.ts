import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import type { SettingProblem } from '../config/config-error.ts'
import { tokenDigest } from '../crypto/digest.ts'
import { MASTER_KEY_FILE, openMasterKey } from '../crypto/master-key.ts'
import { ControlLink, type Greeted } from '../fleet/gateway/control-link.ts'
import { CurrentStream } from '../fleet/gateway/current-stream.ts'
import { Identity, IdentityError } from '../fleet/gateway/identity.ts'
import { SharedKeys } from '../fleet/gateway/shared-keys.ts'
import { StreamedSnapshot } from '../fleet/gateway/streamed-snapshot.ts'
import type { GatewayFacts } from '../store/port/fleet/attachments.ts'
import { prepareDataFolder } from '../startup/data-folder.ts'
import { keepRequestsYoung } from '../startup/garbage-collection.ts'
import { GATEWAY_PORT, listenProblem, portProblems } from '../startup/ports.ts'
import { orStartError, StartError } from '../startup/start-error.ts'
import { systemReason } from '../startup/system-errors.ts'
import { VERSION } from '../startup/version.ts'
import { decidingBy, type FollowedSnapshot } from './followed-snapshot.ts'
import { startGatewayNode, type GatewayNode, type GatewayReports } from './gateway.ts'

/** The file of the snapshot in the data folder. */
const SNAPSHOT_FILE = 'gateway.snapshot'
/** How old a credential becomes, in ms. */
const CREDENTIAL_MS = 24 * 60 * 60 * 1000
/** How long the end of the lease may take to be told, in ms. */
const END_MS_MAX = 1_000

export interface GatewayProcessOptions {
  readonly config: Config
  readonly logger: Logger
  /** How long requests in progress may take to finish when the gateway stops, in ms. */
  readonly drainMs: number
  /** Called when the start-up work is done, but for the first snapshot. */
  readonly beforeListening?: () => void
}

/** A gateway without a database that listens. Disposing waits for the requests in progress. */
export interface RunningGateway extends AsyncDisposable {
  readonly gatewayUrl: string
}

const monotonicMs = (): number => performance.now()

/**
 * Starts a gateway that is fed by control nodes. It listens when it has its first snapshot.
 *
 * @throws StartError that names the settings to correct
 */
export async function startGatewayProcess({
  config,
  logger,
  drainMs,
  beforeListening,
}: GatewayProcessOptions): Promise<RunningGateway> {
  await using stack = new AsyncDisposableStack()
  keepRequestsYoung()
  const nowMs = Date.now
  await checkAll(config)
  const key = await orStartError(openKey(config), identityProblem)
  const { dataFolder, enrolmentToken } = config
  const identity = await orStartError(Identity.open(dataFolder, key, enrolmentToken, nowMs), identityProblem)
  const keys = new SharedKeys()
  if (identity.shared !== null) keys.set(identity.shared)
  const current = new CurrentStream()
  let listening: GatewayNode | undefined
  let clockOffsetMs: number | null = null
  const facts = (): GatewayFacts => ({
    version: VERSION,
    threads: 1,
    clockOffsetMs,
    openExchanges: listening?.openExchanges ?? 0,
  })
  const snapshot = stack.use(
    await StreamedSnapshot.open({
      publicKey: identity.publicKey,
      path: join(dataFolder, SNAPSHOT_FILE),
      key,
      monotonicMs,
      nowMs,
      logger,
      facts,
    }),
  )

  async function use({ stream, greeting, credential, ended }: Greeted): Promise<void> {
    const { id, leaseMs, records, importedKeyIds } = greeting
    clockOffsetMs = nowMs() - greeting.nowMs
    keys.set({ records, importedKeyIds })
    await identity.keep({ id, credential, records, importedKeyIds })
    const { remote } = stream
    await current.during(remote, async () => {
      if (nowMs() - identity.madeAtMs > CREDENTIAL_MS) {
        await identity.replaceCredential(
          async (next) => await remote.replaceCredential(tokenDigest(next)),
          nowMs(),
        )
      }
      await snapshot.follow({ remote, leaseMs, ended, fail: (reason) => stream.close('again', reason) })
    })
  }

  const link = stack.use(
    new ControlLink({
      urls: config.controlUrls,
      credentials: () => identity.credentials,
      enrolmentToken: config.enrolmentToken,
      logger,
      onBlock: (block, purpose) => snapshot.receive(block, purpose),
      use,
    }),
  )
  // While the stream is there: the control plane then need not wait until the lease is over.
  stack.defer(async () => {
    snapshot.lease.end()
    await endedSoon(async () => await current.remote.end())
  })
  beforeListening?.()
  await firstOf(snapshot, link)
  logger.info({ revision: snapshot.position.revision }, 'the first snapshot is in force')
  const gateway = stack.use(
    await orStartError(
      startGatewayNode({
        config,
        logger,
        nowMs,
        monotonicMs,
        sealer: keys,
        importedKeyId: (digest) => keys.importedKeyId(digest),
        snapshot: followed(snapshot),
        reports: reportsTo(current),
        id: identity.id,
      }),
      (error) => listenProblem(error, config.gateway, GATEWAY_PORT),
    ),
  )
  listening = gateway
  stack.defer(async () => await gateway.close(drainMs))
  const parts = stack.move()
  return { gatewayUrl: gateway.url, [Symbol.asyncDispose]: async () => await parts.disposeAsync() }
}

async function checkAll(config: Config): Promise<void> {
  const folder = await prepareDataFolder(config.dataFolder, { masterKey: MASTER_KEY_FILE, database: null })
  const ports = await portProblems([[config.gateway, GATEWAY_PORT]])
  const problems = [...(folder === null ? [] : [{ variable: 'SALLYPORT_DATA', message: folder }]), ...ports]
  if (problems.length > 0) throw new StartError(problems)
}

/** The gateway's files are sealed under a master key of its own: that of the control nodes stays with them. */
async function openKey({ dataFolder, masterKey }: Config): Promise<Uint8Array> {
  return await openMasterKey({
    folder: dataFolder,
    ...(masterKey === null ? {} : { base64: masterKey }),
  })
}

function identityProblem(error: unknown): SettingProblem {
  if (error instanceof IdentityError) return { variable: error.variable, message: error.message }
  return { variable: 'SALLYPORT_DATA', message: systemReason(error) }
}

/** Waits for the first snapshot. @throws StartError if no control node knows the gateway */
async function firstOf(snapshot: StreamedSnapshot, link: ControlLink): Promise<void> {
  const refused = link.refused.then((message): never => {
    throw new StartError([{ variable: 'SALLYPORT_ENROLMENT_TOKEN', message }])
  })
  await Promise.race([snapshot.loaded, refused])
}

function followed(snapshot: StreamedSnapshot): FollowedSnapshot {
  const { cell, lease } = snapshot
  return {
    cell,
    ...decidingBy(cell, lease, monotonicMs),
    // Changes arrive by themselves, and receipts come from the control node.
    poll: () => undefined,
    waitForRevision: async (revision) => await Promise.resolve(cell.current.revision >= revision),
    [Symbol.asyncDispose]: async () => await Promise.resolve(),
  }
}

/** Sends the reports of the gateway over the stream that there is. */
function reportsTo(current: CurrentStream): GatewayReports {
  return {
    addUsage: async (rows) => await current.remote.addUsage(rows),
    runs: {
      claim: async (run, outcome) => await current.remote.claim(run, outcome),
      finish: async (run, finishedAtMs, outcome) => await current.remote.finish(run, finishedAtMs, outcome),
      standing: async (schedule, id, dueAtMs) => await current.remote.standing(schedule, id, dueAtMs),
      beat: async (run) => await current.remote.beat(run),
      askToEnd: async (schedule, dueAtMs) => await current.remote.askToEnd(schedule, dueAtMs),
      abandon: async (schedule, run) => await current.remote.abandon(schedule, run),
    },
  }
}

/** Waits for some work, but not long, and does not care whether it fails. */
async function endedSoon(work: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, END_MS_MAX)
  })
  await Promise.race([Promise.try(work).catch(() => undefined), timeout])
  clearTimeout(timer)
}
