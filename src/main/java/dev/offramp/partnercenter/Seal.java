package dev.offramp.partnercenter;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Closes and opens texts with AES-256-GCM; each is bound to its name, so that rows cannot be exchanged. A second key opens
 * too, and closes nothing: that is how keys are changed.
 */
final class Seal {

    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final int KEY_BYTES = 32;

    private final SecretKeySpec key;
    private final @Nullable SecretKeySpec second;
    private final SecureRandom random = new SecureRandom();

    /** @param key 32 bytes */
    Seal(byte[] key) {
        this(key, null);
    }

    /** @param second 32 bytes too, or null when there is no second one */
    Seal(byte[] key, byte @Nullable [] second) {
        this.key = checked(key);
        this.second = second == null ? null : checked(second);
    }

    private static SecretKeySpec checked(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("The encryption key has %d bytes; 32 are needed.".formatted(key.length));
        }
        return new SecretKeySpec(key, "AES");
    }

    /**
     * What was sealed; it never prints.
     *
     * @param bySecond whether only the second key opens it, so that it is to be closed anew
     */
    record Opened(String text, boolean bySecond) {

        @Override
        public String toString() {
            return "Opened[not shown]";
        }
    }

    byte[] close(String name, String text) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        try {
            byte[] sealed =
                    cipher(key, Cipher.ENCRYPT_MODE, nonce, name).doFinal(text.getBytes(StandardCharsets.UTF_8));
            byte[] all = Arrays.copyOf(nonce, NONCE + sealed.length);
            System.arraycopy(sealed, 0, all, NONCE, sealed.length);
            return all;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws BrokenSeal when it was closed with another key or changed since */
    String open(String name, byte[] sealed) {
        return opened(name, sealed).text();
    }

    /** @throws BrokenSeal when it was closed with neither key or changed since */
    Opened opened(String name, byte[] sealed) {
        if (sealed.length <= NONCE) {
            throw new BrokenSeal(name, null);
        }
        try {
            return new Opened(opened(key, name, sealed), false);
        } catch (GeneralSecurityException e) {
            if (second == null) {
                throw new BrokenSeal(name, e);
            }
        }
        try {
            return new Opened(opened(second, name, sealed), true);
        } catch (GeneralSecurityException e) {
            throw new BrokenSeal(name, e);
        }
    }

    private static String opened(SecretKeySpec key, String name, byte[] sealed) throws GeneralSecurityException {
        byte[] nonce = Arrays.copyOf(sealed, NONCE);
        byte[] text = cipher(key, Cipher.DECRYPT_MODE, nonce, name).doFinal(sealed, NONCE, sealed.length - NONCE);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static Cipher cipher(SecretKeySpec key, int mode, byte[] nonce, String name)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    /** What was stored cannot be opened with our key. */
    static final class BrokenSeal extends RuntimeException {
        BrokenSeal(String name, @Nullable Throwable cause) {
            super("What is stored as '%s' cannot be opened with offramp.encryption-key".formatted(name), cause);
        }
    }
}
