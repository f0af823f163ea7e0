/** The text of the module that holds the compiled kernels. */
export function compileKernels(): Promise<string>
