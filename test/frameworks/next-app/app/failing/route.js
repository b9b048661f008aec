import { protectRoute } from '@sallyport/sdk/next'
import { verifier } from '../../lib/own-answer.js'

export const GET = protectRoute(verifier, () => {
  throw new Error('the handler failed')
})
