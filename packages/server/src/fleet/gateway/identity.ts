import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { seal, unseal } from '../../crypto/seal.ts'
import type { Greeting } from '../stream/stream-functions.ts'
import type { FleetRole } from '../../store/port/fleet/enrolments.ts'
import { commandToEnrol, fleetOfToken, newCredential } from '../stream/credentials.ts'

/** The file's name in the data folder. */
const IDENTITY_FILE = 'gateway.identity'
const CONTEXT = 'gateway identity'

const content = z.strictObject({
  /** The id of the gateway; null before a control node has said it. */
  id: z.string().nullable(),
  /** Of the fleet; see `FleetKeys`. */
  publicKey: z.string(),
  credential: z.string(),
  /** The credential that replaces it, until the control node has said so. */
  nextCredential: z.string().nullable(),
  /** When the credential was made, in ms since 1970. */
  madeAtMs: z.number(),
  /** Those before it, the newest first: a database that was restored knows one of them. */
  earlier: z.array(z.string()).default([]),
  /** Whether a control node has proved that the gateway was removed. */
  isRemoved: z.boolean().default(false),
  /** What the fleet shares with its gateways; null before the first stream. */
  shared: z
    .strictObject({ records: z.string(), importedKeyIds: z.string(), counters: z.string() })
    .nullable(),
})
type Content = z.infer<typeof content>

/** Earlier credentials that are kept: one for each day of the oldest backup that gateways come back to. */
const EARLIER_MAX = 30

/** Why a gateway has no identity that it can use. */
export class IdentityError extends Error {
  /** The setting to correct. */
  readonly variable: string

  constructor(variable: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.variable = variable
  }
}

/** What a gateway knows of itself once a control node has greeted it. */
type Known = Pick<Greeting, 'counters' | 'id' | 'importedKeyIds' | 'records'> & {
  readonly credential: string
}

/** Who a gateway is, in its data folder. The file is sealed, and replaced as a whole. */
export class Identity {
  readonly #path: string
  readonly #key: Uint8Array
  #content: Content

  private constructor(path: string, key: Uint8Array, first: Content) {
    this.#path = path
    this.#key = key
    this.#content = first
  }

  /**
   * Opens the identity of a data folder, or makes one with an enrolment token. It counts once a control node has seen both.
   *
   * @param key of 32 bytes, which seals the file
   * @param role what the process is, for the messages
   * @throws IdentityError that says what to do
   */
  static async open(
    folder: string,
    key: Uint8Array,
    token: string | null,
    role: FleetRole,
    nowMs: () => number,
  ): Promise<Identity> {
    const path = join(folder, IDENTITY_FILE)
    const publicKey = token === null ? undefined : fleetOfToken(token)
    const sealed = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    if (sealed !== undefined) {
      const known = read(sealed, key, path)
      if (publicKey !== undefined && publicKey !== known.publicKey) {
        throw new IdentityError(
          'SALLYPORT_ENROLMENT_TOKEN',
          `The ${role} in this data folder belongs to another fleet than the token. Remove the token to keep it in its fleet, or remove ${path} to enrol it anew.`,
        )
      }
      return new Identity(path, key, known)
    }
    if (publicKey === undefined) {
      throw new IdentityError(
        'SALLYPORT_ENROLMENT_TOKEN',
        `This ${role} is not enrolled. Make a token on a control node (${commandToEnrol(role)}), and set this to it for the first start.`,
      )
    }
    const made = {
      id: null,
      publicKey,
      credential: newCredential(),
      nextCredential: null,
      madeAtMs: nowMs(),
      earlier: [],
      isRemoved: false,
      shared: null,
    }
    const identity = new Identity(path, key, made)
    await identity.#write(made)
    return identity
  }

  /** Undefined before its first stream. */
  get id(): string | undefined {
    return this.#content.id ?? undefined
  }

  /** In base64url; null before its first stream. */
  get shared(): Content['shared'] {
    return this.#content.shared
  }

  get publicKey(): string {
    return this.#content.publicKey
  }

  /** The credentials that control nodes may know, the likeliest first. */
  get credentials(): readonly string[] {
    const { credential, nextCredential, earlier } = this.#content
    return [...(nextCredential === null ? [] : [nextCredential]), credential, ...earlier]
  }

  /** Whether a control node has proved that the gateway was removed. */
  get isRemoved(): boolean {
    return this.#content.isRemoved
  }

  /** Keeps that the gateway was removed, also for a later start. */
  async markRemoved(): Promise<void> {
    if (!this.#content.isRemoved) await this.#write({ ...this.#content, isRemoved: true })
  }

  /** When the credential was made, in ms since 1970. */
  get madeAtMs(): number {
    return this.#content.madeAtMs
  }

  /**
   * Replaces the credential.
   *
   * @param tell makes the next one known; if it fails, it is not known which of both counts
   */
  async replaceCredential(tell: (next: string) => Promise<void>, nowMs: number): Promise<void> {
    const next = this.#content.nextCredential ?? newCredential()
    await this.#write({ ...this.#content, nextCredential: next })
    await tell(next)
    const earlier = this.#earlierThan(next)
    await this.#write({ ...this.#content, credential: next, nextCredential: null, earlier, madeAtMs: nowMs })
  }

  /** Keeps what a control node has greeted with, and the credential that it knows: it knows no other. */
  async keep({ id, credential, records, importedKeyIds, counters }: Known): Promise<void> {
    const shared = { records, importedKeyIds, counters }
    const known = { id, credential, nextCredential: null, earlier: this.#earlierThan(credential), shared }
    const next = { ...this.#content, ...known, isRemoved: false }
    if (!isDeepStrictEqual(next, this.#content)) await this.#write(next)
  }

  /** All credentials but one, the newest first. Those that a restored database does not know stay, too. */
  #earlierThan(present: string): string[] {
    return this.credentials.filter((credential) => credential !== present).slice(0, EARLIER_MAX)
  }

  async #write(next: Content): Promise<void> {
    const draft = `${this.#path}.new`
    const file = await open(draft, 'w', 0o600)
    try {
      await file.writeFile(`${seal(this.#key, JSON.stringify(next), CONTEXT)}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, this.#path)
    this.#content = next
  }
}

function read(sealed: string, key: Uint8Array, path: string): Content {
  try {
    return content.parse(JSON.parse(unseal(key, sealed.trim(), CONTEXT)))
  } catch (cause) {
    throw new IdentityError(
      'SALLYPORT_DATA',
      `${path} cannot be opened: it was changed, or the master key of this gateway is another one. Restore both, or remove ${path} and enrol the gateway anew.`,
      { cause },
    )
  }
}
