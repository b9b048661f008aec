import { ownAnswer } from '../../lib/own-answer.js'

export { ownAnswer as GET }
