package io.rdmagid.deviceplugin.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** The functions of one shared library, each with errno captured at the call. */
public final class NativeLibrary {
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");

  private final String name;
  private final SymbolLookup symbols;

  private NativeLibrary(String name, SymbolLookup symbols) {
    this.name = name;
    this.symbols = symbols;
  }

  /** The C library that the JVM itself runs on. */
  public static NativeLibrary libc() {
    return new NativeLibrary("libc", Linker.nativeLinker().defaultLookup());
  }

  /**
   * Loads a library for the life of the process.
   *
   * @param soname as the dynamic linker knows it, such as {@code libibverbs.so.1}
   * @throws IllegalArgumentException if it is not there or does not load
   */
  @SuppressWarnings("restricted")
  public static NativeLibrary load(String soname) {
    return new NativeLibrary(soname, SymbolLookup.libraryLookup(soname, Arena.global()));
  }

  /** A library whose functions somebody else finds. */
  public static NativeLibrary of(String name, SymbolLookup symbols) {
    return new NativeLibrary(name, symbols);
  }

  /**
   * A handle whose first argument is the segment that receives errno.
   *
   * @throws IllegalStateException if the library has no such function
   */
  public MethodHandle function(String function, FunctionDescriptor descriptor) {
    return link(function, descriptor, ERRNO);
  }

  /** The same for a function that older versions of the library lack, which gives null then. */
  public @Nullable MethodHandle functionIfThere(String function, FunctionDescriptor descriptor) {
    return symbols.find(function).isPresent() ? function(function, descriptor) : null;
  }

  /** The same for a variadic function with {@code fixed} named arguments (open, ioctl, fcntl). */
  public MethodHandle variadic(String function, int fixed, FunctionDescriptor descriptor) {
    return link(function, descriptor, ERRNO, Linker.Option.firstVariadicArg(fixed));
  }

  /**
   * A handle for a function of any library that tells of errors by its result: its first argument
   * is the function's address. Made once and held in a constant it can be compiled into its
   * callers, which a handle in an instance cannot: that costs half a microsecond a call.
   */
  @SuppressWarnings("restricted")
  public static MethodHandle anywhere(FunctionDescriptor descriptor) {
    return Linker.nativeLinker().downcallHandle(descriptor);
  }

  /** The address of a function for such a handle; null where the library has none. */
  public @Nullable MemorySegment address(String function) {
    return symbols.find(function).orElse(null);
  }

  /** A handle without errno, for a function that any thread may call. */
  MethodHandle functionWithoutErrno(String function, FunctionDescriptor descriptor) {
    return link(function, descriptor);
  }

  @SuppressWarnings("restricted")
  private MethodHandle link(
      String function, FunctionDescriptor descriptor, Linker.Option... options) {
    return Linker.nativeLinker()
        .downcallHandle(
            symbols
                .find(function)
                .orElseThrow(
                    () -> new IllegalStateException(name + " has no function " + function)),
            descriptor,
            options);
  }
}
