import { admittedResponseHeaders, type AdmittedRequest } from '../deployment/admitted-request.ts'
import type { RenderedResponse } from '../message/rendered-response.ts'
import { sendResponse } from '../response/send-response.ts'

/** Sends a rendered response with the headers of every response of the pipeline. */
export function sendRendered(
  admitted: AdmittedRequest,
  { status, headers, content }: RenderedResponse,
): void {
  const allHeaders = ['x-request-id', admitted.requestId, ...headers, ...admittedResponseHeaders(admitted)]
  sendResponse(admitted.response, status, allHeaders, content)
}
