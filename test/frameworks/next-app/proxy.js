import { protectProxy } from '@sallyport/sdk/next'
import { NextResponse } from 'next/server.js'
import { verifier } from './lib/own-answer.js'

export const proxy = protectProxy(verifier, (_request, headers) =>
  NextResponse.next({ request: { headers } }),
)

export const config = { matcher: '/behind-proxy/:path*' }
