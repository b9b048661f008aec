import { z } from 'zod'
import { reference } from '../fields/names.ts'
import { pageOf, pageQuery } from '../fields/paging.ts'
import { timestamp, timestampToMs } from '../fields/timestamp.ts'

export const requestFilter = pageQuery.extend({
  requestId: reference
    .optional()
    .describe('Only requests with this id, which the caller has from `x-request-id` of the response.'),
  key: reference.optional().describe('Only requests with this key, or with a JWT that was obtained with it.'),
  consumer: reference.optional().describe('Only requests of this consumer, by its id.'),
  pipeline: reference.optional().describe('Only requests to this pipeline.'),
  code: reference
    .optional()
    .describe('Only requests with this code: `valid`, or the code of a problem, such as `key_expired`.'),
  from: timestampToMs.optional().describe('Only requests that arrived at this time or later.'),
  to: timestampToMs.optional().describe('Only requests that arrived before this time.'),
})

export const request = z.object({
  requestId: z
    .string()
    .describe('The `x-request-id` of the response. It need not be unique: a caller can choose its own.'),
  at: timestamp.describe('When the request arrived.'),
  entrance: z
    .enum(['gateway', 'authz'])
    .describe(
      '`gateway` for a request that the gateway serves, `authz` for one that it authorized for another proxy.',
    ),
  environment: z.string().describe('The environment that the request addressed.'),
  pipeline: z.string().nullable().describe('The pipeline; null if the request matched none.'),
  version: z.string().nullable().describe('The version of the pipeline, such as `1.0`.'),
  code: z
    .string()
    .describe(
      '`valid` for a request that was let in and served, otherwise the code of the problem that it was answered with or that ended it.',
    ),
  key: z.string().nullable().describe('The id of the verified key, also of a JWT; null without one.'),
  consumer: z
    .string()
    .nullable()
    .describe("The id of the organization's consumer; null if none was identified."),
  method: z.string().describe('The method, such as `GET`.'),
  status: z.int().nullable().describe('The status of the response; null if none was begun.'),
  end: z
    .enum(['sent', 'caller_gone', 'cut_off'])
    .describe(
      '`sent`: the response was sent completely. `caller_gone`: the caller closed the connection before. `cut_off`: the gateway did, because the request was no longer allowed, the upstream failed in the middle, or the server stopped.',
    ),
  durationMs: z.number().describe('From the arrival of the headers until the end, in milliseconds.'),
  upstreamMs: z
    .number()
    .nullable()
    .describe(
      "The time spent on upstreams, in milliseconds: until the headers of a proxied response, and until the end of a call's. Null if no upstream was asked.",
    ),
  requestBytes: z.int().describe("Bytes of the request's body that were read for the pipeline."),
  responseBytes: z.int().describe("Bytes of the response's body that were handed to the connection."),
})

export const requestPage = pageOf(request).extend({
  gateways: z
    .array(z.string())
    .describe(
      'The ids of the gateways whose requests these are. Requests of other gateways are not listed. Of enrolled gateways, at most 100 requests that were let in and 100 that were refused are listed for each second.',
    ),
})
