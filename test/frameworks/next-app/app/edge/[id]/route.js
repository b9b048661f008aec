import { ownAnswer } from '../../../lib/own-answer.js'

export const runtime = 'edge'
export { ownAnswer as GET }
