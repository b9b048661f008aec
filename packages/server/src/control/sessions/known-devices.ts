import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Sealer } from '../../crypto/seal.ts'
import { newId } from '../../app/new-id.ts'
import type { ControlDeps } from '../routing/dependencies.ts'
import { HostCookie } from './host-cookie.ts'

/** Half a year. */
const SECONDS = 180 * 24 * 60 * 60
/** The people that one browser remembers; the one who signed in longest ago is forgotten. */
const ACCOUNTS_MAX = 8
const CONTEXT = 'known-device'

/** A browser at which people have signed in. */
interface Device {
  readonly id: string
  /** Their e-mail addresses, the latest last. */
  readonly accounts: readonly string[]
}

/**
 * Recognizes the browsers at which a person has signed in before, by a sealed cookie. It opens nothing. A person is told
 * of a sign-in elsewhere, and failures elsewhere do not keep the person out (OWASP, "Slow Down Online Guessing Attacks
 * with Device Cookies").
 */
export class KnownDevices {
  readonly #cookie: HostCookie
  readonly #sealer: Sealer
  readonly #randomBytes: ControlDeps['randomBytes']

  constructor({ publicUrl, sealer, randomBytes }: Pick<ControlDeps, 'publicUrl' | 'sealer' | 'randomBytes'>) {
    this.#cookie = new HostCookie(publicUrl, 'sallyport_device', SECONDS)
    this.#sealer = sealer
    this.#randomBytes = randomBytes
  }

  /** The id of the browser, if the person with this e-mail address has signed in at it. */
  idOf(request: FastifyRequest, email: string): string | undefined {
    const device = this.#read(request)
    return device?.accounts.includes(email) === true ? device.id : undefined
  }

  /** Remembers that a person has signed in. */
  remember(request: FastifyRequest, reply: FastifyReply, email: string): void {
    const { id, accounts } = this.#read(request) ?? { id: newId('dev', this.#randomBytes), accounts: [] }
    const others = accounts.filter((account) => account !== email)
    const device: Device = { id, accounts: [...others, email].slice(-ACCOUNTS_MAX) }
    this.#cookie.set(reply, this.#sealer.seal(JSON.stringify(device), CONTEXT))
  }

  #read(request: FastifyRequest): Device | undefined {
    const sealed = this.#cookie.read(request)
    if (sealed === undefined) return undefined
    try {
      return JSON.parse(this.#sealer.unseal(sealed, CONTEXT)) as Device
    } catch {
      // Of another installation, or made up.
      return undefined
    }
  }
}
