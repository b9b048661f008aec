import { useState } from 'react'
import classes from './file-zone.module.css'

interface FileZoneProps {
  /** What is to be done, or which file was chosen. */
  readonly words: string
  /** What the button says. */
  readonly button: string
  /** What the browser offers first. Any file can be chosen. */
  readonly accept: string
  readonly onFile: (file: File) => void
}

/** Takes a file that is dropped or chosen. */
export function FileZone({ words, button, accept, onFile }: FileZoneProps) {
  const [isOver, setOver] = useState(false)
  return (
    <label className={classes.zone} data-over={isOver || undefined}>
      <span className={classes.words}>{words}</span>
      <span className={classes.button}>{button}</span>
      {/* It lies over all of it, so that the browser itself takes what is dropped. */}
      <input
        type="file"
        className={classes.input}
        accept={accept}
        onDragEnter={() => setOver(true)}
        onDragLeave={() => setOver(false)}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.item(0)
          // Browsers do not tell when the same file is chosen again, as one does after it was corrected.
          currentTarget.value = ''
          setOver(false)
          if (file != null) onFile(file)
        }}
      />
    </label>
  )
}
