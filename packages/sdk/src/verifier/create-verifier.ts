import { serverUrl } from '../calls/server-url.ts'
import { startTimeLimit } from '../calls/time-limit.ts'
import { type CallerRequest, readCaller } from './caller-request.ts'
import { type AddressSource, checkedPath, checkedPlace, composeQuestion, type Place } from './question.ts'
import { readAnswer, readFailure } from './read-answer.ts'
import { notValid, type Verification } from './verification.ts'

/** A caller waits for no longer than this, in ms. The gateway answers in less than one. */
const ATTEMPT_MS_MAX = 5_000

export interface VerifierSettings {
  /** The URL of the gateway, such as `http://127.0.0.1:8081`. */
  readonly gateway: string
  /** How long the gateway may take to answer, in ms: 5,000 unless given. After that, the request is refused with 503. */
  readonly attemptMsMax?: number | undefined
  /** Reads the address of the caller, if your server is behind a proxy: the peer's address unless given. */
  readonly address?: ((source: AddressSource) => string | null | undefined) | undefined
  /** Replaces `fetch`, for a proxy or a certificate of your own. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/** With `organization` and `environment`, or with the `host` of the gateway that selects them (`SALLYPORT_HOSTS`). */
export type VerifierOptions = VerifierSettings & Place

export interface VerifyOptions {
  /** Ends the question: `verify` then throws the reason of the signal. */
  readonly signal?: AbortSignal | undefined
  /** The path to decide about instead of the caller's. Its query stays, because it can contain an API key. */
  readonly path?: string | undefined
  /** The peer's address, for a request that does not contain it. `address` of the verifier takes precedence. */
  readonly peer?: string | undefined
}

/** Asks the gateway about requests to your own server. */
export interface Verifier {
  /**
   * Asks the gateway whether a request may pass. Nothing is cached, so every change counts for the next request.
   *
   * Neither a caller nor an answer can make it throw: see `Verification`.
   *
   * @throws TypeError for a `path` that is not one, and the reason of an aborted `signal`
   */
  verify(request: CallerRequest, options?: VerifyOptions): Promise<Verification>
}

/** @throws TypeError for options that no gateway can have */
export function createVerifier(options: VerifierOptions): Verifier {
  const url = `${serverUrl(options.gateway, 'gateway')}/authz`
  const { organization, environment, host, attemptMsMax = ATTEMPT_MS_MAX, address: readAddress } = options
  const place = checkedPlace({ organization, environment, host })
  return Object.freeze({
    async verify(request, { signal, path, peer } = {}) {
      signal?.throwIfAborted()
      const read = readCaller(request)
      const caller = peer === undefined ? read : { ...read, peer }
      const fixed = path === undefined ? undefined : checkedPath(path)
      const headers = composeQuestion(place, caller, { path: fixed, readAddress })
      if (headers === null) return notValid()
      const { fetch = globalThis.fetch } = options
      const limit = startTimeLimit(attemptMsMax, signal)
      try {
        // Wherever a redirect leads, the caller's credential must not follow it.
        const answer = await fetch(url, {
          headers,
          redirect: 'manual',
          cache: 'no-store',
          signal: limit.signal,
        })
        return await readAnswer(answer, Date.now())
      } catch (cause) {
        signal?.throwIfAborted()
        return readFailure(cause)
      } finally {
        limit.clear()
      }
    },
  } satisfies Verifier)
}
