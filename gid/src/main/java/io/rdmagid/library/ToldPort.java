package io.rdmagid.library;

/**
 * A port that a program uses, with what its pool has the program told.
 *
 * @param port the port and the entry chosen
 * @param setup of its pool
 */
public record ToldPort(ChosenPort port, LibrarySetup setup) {}
