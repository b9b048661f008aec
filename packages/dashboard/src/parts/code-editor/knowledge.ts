/** Something that fits at the cursor. */
export interface Suggestion {
  readonly label: string
  /** Beside the label, in a few words. */
  readonly detail: string
  readonly about: string
  /** What replaces the word at the cursor. The cursor is behind it afterwards. */
  readonly insert: string
  /** Whether what follows is suggested at once. */
  readonly goesOn: boolean
}

export interface Completions {
  /** The word that a suggestion replaces: offsets in the text. */
  readonly from: number
  readonly to: number
  readonly options: readonly Suggestion[]
}

/** What something in the text means. */
export interface Help {
  readonly from: number
  readonly to: number
  readonly name: string
  readonly about: string
}

/** What an editor knows about its texts. */
export interface Knowledge {
  readonly complete: (text: string, at: number) => Completions | undefined
  /** @param isOn whether the place must be on the name or the value of what is explained; else it can be anywhere within */
  readonly help: (text: string, at: number, isOn: boolean) => Help | undefined
}
