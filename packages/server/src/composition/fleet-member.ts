import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import type { SettingProblem } from '../config/config-error.ts'
import { tokenDigest } from '../crypto/digest.ts'
import { fleetPublicKey } from '../crypto/derived/fleet-keys.ts'
import { MASTER_KEY_FILE, openMasterKey } from '../crypto/master-key.ts'
import { ControlLink } from '../fleet/gateway/control-link.ts'
import { CurrentStream } from '../fleet/gateway/current-stream.ts'
import { Identity, IdentityError } from '../fleet/gateway/identity.ts'
import { SharedKeys } from '../fleet/gateway/shared-keys.ts'
import type { SnapshotStream } from '../fleet/gateway/streamed-snapshot.ts'
import { isRemovalProof } from '../fleet/stream/removal-proof.ts'
import type { NodeFunctions } from '../fleet/stream/stream-functions.ts'
import type { BlockPurpose } from '../fleet/stream/stream.ts'
import type { SpokenVersions } from '../fleet/stream/versions.ts'
import type { FleetRole } from '../store/port/fleet/enrolments.ts'
import type { ScheduleRuns } from '../schedule/schedule-runs.ts'
import { prepareDataFolder } from '../startup/data-folder.ts'
import { portProblems } from '../startup/ports.ts'
import { orStartError, StartError } from '../startup/start-error.ts'
import { repeatWork } from '../sync/repeated-work.ts'
import { systemReason } from '../startup/system-errors.ts'

/** How old a credential becomes, in ms. */
const CREDENTIAL_MS = 24 * 60 * 60 * 1000
/** How often it is checked how old the credential is, in ms. */
const ROTATION_CHECK_MS = 10 * 60 * 1000
/** How long the last message over a stream may take, in ms. */
const END_MS_MAX = 1_000

export interface MemberProcessOptions {
  readonly config: Config
  readonly logger: Logger
  /** How long requests in progress may take to finish when the process stops, in ms. */
  readonly drainMs: number
  /** Called when the start-up work is done, but for the first snapshot. */
  readonly beforeListening?: () => void
}

/** Who a process without a database is, and what seals its files. */
export interface FleetMember {
  readonly identity: Identity
  /** Seals the files in its data folder; 32 bytes. */
  readonly key: Uint8Array
  /** What the fleet shares with it. */
  readonly keys: SharedKeys
}

/**
 * Checks the data folder and the port of a process without a database, and opens its identity.
 *
 * @throws StartError that names the settings to correct
 */
export async function openFleetMember(
  { dataFolder, masterKey, enrolmentToken }: Pick<Config, 'dataFolder' | 'masterKey' | 'enrolmentToken'>,
  ports: Parameters<typeof portProblems>[0],
  role: FleetRole,
  nowMs: () => number,
): Promise<FleetMember> {
  const folder = await prepareDataFolder(dataFolder, { masterKey: MASTER_KEY_FILE, database: null })
  const problems = [
    ...(folder === null ? [] : [{ variable: 'SALLYPORT_DATA', message: folder }]),
    ...(await portProblems(ports)),
  ]
  if (problems.length > 0) throw new StartError(problems)
  // A master key of its own: that of the control nodes stays with them.
  const source = { folder: dataFolder, ...(masterKey === null ? {} : { base64: masterKey }) }
  const key = await orStartError(openMasterKey(source), identityProblem)
  const opening = Identity.open(dataFolder, key, enrolmentToken, role, nowMs)
  const identity = await orStartError(opening, identityProblem)
  const keys = new SharedKeys()
  if (identity.shared !== null) keys.set(identity.shared)
  return { identity, key, keys }
}

export interface MemberLinkDeps extends Pick<FleetMember, 'identity' | 'keys'> {
  readonly config: Pick<Config, 'controlUrls' | 'enrolmentToken'>
  readonly role: FleetRole
  readonly logger: Logger
  readonly nowMs: () => number
  /** What this side speaks. */
  readonly versions: SpokenVersions
  /** The process was removed, or is known again. */
  readonly onRemoval?: (isRemoved: boolean) => void
  readonly onBlock: (block: Uint8Array, purpose: BlockPurpose) => void
  /** Uses a stream until it ends. */
  readonly follow: (stream: SnapshotStream) => Promise<void>
}

/** The streams of a process without a database, one after the other. Disposing it ends the present one. */
export interface MemberLink<Remote extends object> extends AsyncDisposable {
  readonly current: CurrentStream<Remote>
  /** How far the clock of this process is ahead of the control node's, in ms; null before the first stream. */
  readonly clockOffsetMs: number | null
  /** Rejects with a StartError when a control node does not know this process. */
  readonly refused: Promise<never>
  /** See `ControlLink.hurry`. */
  hurry(): void
}

/** Connects to control nodes, keeps what they greet with, and replaces the credential when it is old. */
export function linkToControl<Remote extends NodeFunctions>({
  identity,
  keys,
  config,
  role,
  logger,
  nowMs,
  versions,
  onRemoval = () => undefined,
  onBlock,
  follow,
}: MemberLinkDeps): MemberLink<Remote> {
  const current = new CurrentStream<Remote>()
  let clockOffsetMs: number | null = null
  const publicKey = fleetPublicKey(identity.publicKey)
  const link = new ControlLink({
    urls: config.controlUrls,
    role,
    credentials: () => identity.credentials,
    enrolmentToken: identity.isRemoved ? null : config.enrolmentToken,
    logger,
    versions,
    onBlock,
    isRemoval: (credential, proof) => isRemovalProof(proof, tokenDigest(credential), publicKey),
    async onRemoved() {
      if (!identity.isRemoved) {
        const consequence =
          role === 'relay' ? 'its gateways get nothing from it any more' : 'it refuses all calls'
        logger.error(`this ${role} was removed from its fleet; ${consequence}`)
      }
      onRemoval(true)
      await identity.markRemoved()
    },
    async use({ stream, greeting, credential, ended }) {
      const { id, leaseMs, records, importedKeyIds, counters } = greeting
      clockOffsetMs = nowMs() - greeting.nowMs
      keys.set({ records, importedKeyIds, counters })
      await identity.keep({ id, credential, records, importedKeyIds, counters })
      onRemoval(false)
      const remote = stream.remote as unknown as Remote
      await current.during(remote, async () => {
        const rotate = async (): Promise<void> => {
          if (nowMs() - identity.madeAtMs < CREDENTIAL_MS) return
          await identity.replaceCredential(
            async (next) => await remote.replaceCredential(tokenDigest(next)),
            nowMs(),
          )
        }
        await using rotations = new AsyncDisposableStack()
        const rotation = repeatWork(rotate, ROTATION_CHECK_MS, (err) => {
          logger.warn({ err }, 'the credential was not replaced')
        })
        rotations.use(rotation)
        await follow({
          remote,
          report: (position, facts) =>
            void stream.remote.report.asEvent(position, facts).catch(() => undefined),
          leaseMs,
          ended,
          fail: (reason) => stream.close('again', reason),
        })
      })
    },
  })
  return {
    current,
    get clockOffsetMs() {
      return clockOffsetMs
    },
    refused: link.refused.then((message): never => {
      throw new StartError([{ variable: 'SALLYPORT_ENROLMENT_TOKEN', message }])
    }),
    hurry: () => link.hurry(),
    [Symbol.asyncDispose]: async () => await link[Symbol.asyncDispose](),
  }
}

/** The runs of schedules, which a control node knows. */
export function remoteRuns(current: CurrentStream<ScheduleRuns>): ScheduleRuns {
  return {
    claim: async (run, outcome) => await current.remote.claim(run, outcome),
    finish: async (run, finishedAtMs, outcome) => await current.remote.finish(run, finishedAtMs, outcome),
    standing: async (schedule, id, dueAtMs) => await current.remote.standing(schedule, id, dueAtMs),
    beat: async (run) => await current.remote.beat(run),
    askToEnd: async (schedule, dueAtMs) => await current.remote.askToEnd(schedule, dueAtMs),
    abandon: async (schedule, run) => await current.remote.abandon(schedule, run),
  }
}

/** Waits for some work, but not long, and does not care whether it fails. */
export async function endedSoon(work: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, END_MS_MAX)
  })
  await Promise.race([Promise.try(work).catch(() => undefined), timeout])
  clearTimeout(timer)
}

/** What is wrong with the data folder, or with the token. */
export function identityProblem(error: unknown): SettingProblem {
  if (error instanceof IdentityError) return { variable: error.variable, message: error.message }
  return { variable: 'SALLYPORT_DATA', message: systemReason(error) }
}
