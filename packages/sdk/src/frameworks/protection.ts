import type { SallyportError } from '../calls/sallyport-error.ts'
import type { CallerRequest } from '../verifier/caller-request.ts'
import type { Verifier, VerifyOptions } from '../verifier/create-verifier.ts'
import type { Answer, AnswerHeaders, Verification } from '../verifier/verification.ts'

export interface ProtectOptions {
  /** The path to decide about, whichever path led to the handler. Its query stays. */
  readonly path?: string | undefined
  /** Called when the gateway cannot be asked, so that callers get 503: writes to the console unless given. */
  readonly onUnavailable?: ((error: SallyportError) => void) | undefined
}

/** Verifies a request for a framework. @throws TypeError for a `path` that is not one */
export async function verified(
  verifier: Verifier,
  request: CallerRequest,
  { path, onUnavailable = report }: ProtectOptions,
  peer?: VerifyOptions['peer'],
): Promise<Verification> {
  const verification = await verifier.verify(request, { path, peer })
  if (verification.outcome === 'unavailable') onUnavailable(verification.error)
  return verification
}

function report(error: SallyportError): void {
  console.error('Sallyport could not verify a request:', error)
}

/** The value of a header that an answer has already. */
export type EarlierHeader = number | string | readonly string[] | null | undefined

/** The part of an answer of Node.js that is used here. */
export interface NodeResponse {
  statusCode: number
  getHeader(name: string): EarlierHeader
  setHeader(name: string, value: string): unknown
  end(body?: string): unknown
}

/** Sends an answer. Node.js leaves its body out for HEAD. */
export function sendAnswer(response: NodeResponse, { status, headers, body }: Answer): void {
  response.statusCode = status
  setHeaders(response, headers)
  response.end(body)
}

/** Sets headers beside those that are set already. */
export function setHeaders(response: NodeResponse, headers: AnswerHeaders): void {
  for (const [name, value] of Object.entries(headers)) {
    response.setHeader(name, withEarlier(name, response.getHeader(name), value))
  }
}

/** The value of a header beside an earlier one: `Vary` collects names, others are replaced. */
export function withEarlier(name: string, earlier: EarlierHeader, value: string): string {
  return name === 'vary' ? [earlier ?? [], value].flat().join(', ') : value
}

/** An answer of the Fetch standard. @param method of the request */
export function responseOf({ status, headers, body }: Answer, method: string): Response {
  return new Response(body === '' || method === 'HEAD' ? null : body, { status, headers })
}
