import { identityFromHeaders } from '@sallyport/sdk/next'
import { headers } from 'next/headers.js'

export async function GET() {
  return Response.json(identityFromHeaders(await headers()))
}
