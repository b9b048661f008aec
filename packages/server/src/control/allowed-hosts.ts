import { Problem } from '@sallyport/core'
import { AddressSet } from '../address/address-set.ts'
import { hostName } from '../address/host-name.ts'
import { OwnHosts } from '../address/own-hosts.ts'
import { headerLines } from './header-lines.ts'

/** Of a request target in absolute form, which counts before `Host` (RFC 9112 section 3.2.2). */
const ABSOLUTE_FORM = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i

/** Answer without facts about the installation, so that probes may send any `Host`. */
const OPEN_PATHS: readonly string[] = ['/healthz', '/readyz']

/** The part of a request that says what it is for, and where from. */
export interface AddressedRequest {
  readonly raw: {
    readonly url?: string | undefined
    readonly rawHeaders: string[]
    readonly socket: {
      readonly localAddress?: string | undefined
      readonly remoteAddress?: string | undefined
    }
  }
}

export interface AllowedHostsOptions {
  /** The URL that people reach this server at. */
  readonly publicUrl: () => string
  /** The host that the server listens on, and those that the operator added: names and addresses without ports. */
  readonly controlHosts: readonly string[]
  /** Ranges in CIDR form whose `X-Forwarded-Host` counts. */
  readonly trustedProxies: readonly string[]
}

/** The hosts that the management API answers for. */
export class AllowedHosts {
  readonly #publicUrl: () => string
  readonly #own: OwnHosts
  readonly #proxies: AddressSet

  constructor({ publicUrl, controlHosts, trustedProxies }: AllowedHostsOptions) {
    this.#publicUrl = publicUrl
    this.#own = new OwnHosts(controlHosts)
    this.#proxies = new AddressSet(trustedProxies)
  }

  /**
   * @throws Problem `misdirected_request` for a host that is not allowed, `invalid_request` for one that is none
   */
  require(request: AddressedRequest): void {
    const path = request.raw.url?.split('?', 1)[0] ?? ''
    if (OPEN_PATHS.includes(path)) return
    for (const sent of this.#sentHosts(request)) this.#requireOne(sent, request.raw)
  }

  /** Whether the request is for an allowed host. */
  has(request: AddressedRequest): boolean {
    return this.#sentHosts(request).every((sent) => {
      const name = hostName(sent)
      return name !== undefined && this.#isAllowed(name, request.raw)
    })
  }

  /** Every host that the request names. A page can send some of these headers, so that one allowed host is not enough. */
  #sentHosts({ raw }: AddressedRequest): readonly string[] {
    const [, authority] = ABSOLUTE_FORM.exec(raw.url ?? '') ?? []
    const isTrusted = this.#proxies.has(raw.socket.remoteAddress ?? '')
    const forwarded = isTrusted ? headerLines(raw, 'x-forwarded-host').flatMap((line) => line.split(',')) : []
    return [
      ...(authority === undefined ? [] : [authority]),
      ...headerLines(raw, 'host'),
      ...forwarded.map((host) => host.trim()),
    ]
  }

  #requireOne(sent: string, raw: AddressedRequest['raw']): void {
    const name = hostName(sent)
    if (name === undefined) {
      throw new Problem('invalid_request', {
        detail:
          'The host of the request is not valid. Send a host name or an IP address, with a port if needed.',
      })
    }
    if (this.#isAllowed(name, raw)) return
    throw new Problem('misdirected_request', {
      detail: `This server does not answer for the host ${JSON.stringify(name)}. If it is one of its names, the operator has to add it to SALLYPORT_CONTROL_HOSTS; the name of the public URL belongs in SALLYPORT_PUBLIC_URL.`,
    })
  }

  #isAllowed(name: string, { socket }: AddressedRequest['raw']): boolean {
    return this.#own.has(name, socket.localAddress) || name === hostName(new URL(this.#publicUrl()).host)
  }
}
