import { ownAnswer } from '../../../lib/own-answer.js'

export { ownAnswer as GET, ownAnswer as OPTIONS, ownAnswer as POST }
