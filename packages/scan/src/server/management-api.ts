/** How long the server may take for one answer. */
const ANSWER_TIMEOUT_MS = 10_000

/** The largest answer that is read; that of a key has a few kilobytes. */
const ANSWER_BYTES_MAX = 1024 * 1024

/** The server gave no usable answer. The message is for people. */
export class ServerFailure extends Error {}

/** Reads from the management API of a server. */
export class ManagementApi {
  readonly #url: URL
  readonly #token: string

  /**
   * @param url where the server listens, such as `https://console.example.com`
   * @param token of a key with `keys.read`
   */
  constructor(url: URL, token: string) {
    this.#url = url
    this.#token = token
  }

  /**
   * The JSON answer to a GET, or undefined if there is no such resource.
   *
   * @throws ServerFailure for every other answer, and without one
   */
  async get(path: string): Promise<unknown> {
    const response = await this.#fetch(path)
    const text = await readBounded(response)
    if (response.status === 404) return undefined
    if (response.status !== 200) throw new ServerFailure(refusalOf(response.status, text))
    try {
      return JSON.parse(text)
    } catch (error) {
      throw new ServerFailure('the answer is not JSON', { cause: error })
    }
  }

  async #fetch(path: string): Promise<Response> {
    try {
      return await fetch(new URL(path, this.#url), {
        headers: { authorization: `Bearer ${this.#token}`, accept: 'application/json' },
        // Another server must not get the key.
        redirect: 'manual',
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      })
    } catch (error) {
      throw new ServerFailure(causeOf(error), { cause: error })
    }
  }
}

async function readBounded(response: Response): Promise<string> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const piece of response.body ?? []) {
      bytes += piece.length
      if (bytes > ANSWER_BYTES_MAX) throw new ServerFailure('the answer is too large')
      pieces.push(piece)
    }
  } catch (error) {
    throw error instanceof ServerFailure ? error : new ServerFailure(causeOf(error), { cause: error })
  }
  return Buffer.concat(pieces).toString()
}

/** A refusal as the server explains it. */
function refusalOf(status: number, text: string): string {
  try {
    const { code, detail } = JSON.parse(text) as { code?: unknown; detail?: unknown }
    if (typeof code === 'string') {
      // The sentence that reports the failure ends with a full stop of its own.
      return `${status} ${code}: ${typeof detail === 'string' ? detail.replace(/\.$/, '') : ''}`
    }
  } catch {
    // It is not from Sallyport.
  }
  return `the answer has status ${status}`
}

function causeOf(error: unknown): string {
  const { message, name, cause } = error as Error
  if (name === 'TimeoutError') return `no answer within ${ANSWER_TIMEOUT_MS / 1000} s`
  if (!(cause instanceof Error) || cause.message === '') return message
  // The message of OpenSSL names its source files.
  const { code } = cause as NodeJS.ErrnoException
  return code === 'ERR_SSL_WRONG_VERSION_NUMBER'
    ? 'it does not speak TLS; try http:// instead'
    : cause.message
}
